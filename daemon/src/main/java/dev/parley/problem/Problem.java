package dev.parley.problem;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Why a request was refused (RFC 9457 §3.1). The `type` of every problem is `about:blank`, so that `title` is the
/// status's own phrase; what kind of problem it is stands in `code`, an extension member that never changes once
/// released.
///
/// @param status the HTTP status, 400 to 599
/// @param code lower-case words joined by `-`, stable: `not-found`, `conversation-locked`
/// @param detail a sentence for people that says what is wrong with this request and what to do
/// @param field the member or parameter of the request that is at fault, as a path (`participants[1].number`)
/// @param reasons the single faults, where one request has several; empty where `detail` says all
public record Problem(int status, String code, String detail, Optional<String> field, List<Reason> reasons) {

    /// One of several faults of a request.
    ///
    /// @param field the member at fault, as a path
    /// @param code stable, as the problem's own
    /// @param detail a sentence for people
    public record Reason(String field, String code, String detail) {}

    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status " + status + " (expected 400 to 599)");
        }
        reasons = List.copyOf(reasons);
    }

    public Problem(int status, String code, String detail) {
        this(status, code, detail, Optional.empty(), List.of());
    }

    public Problem(int status, String code, String detail, Optional<String> field) {
        this(status, code, detail, field, List.of());
    }

    /// One problem of all reasons, with the code and the field of the first; none of no reasons.
    public static Optional<Problem> of(List<Reason> reasons) {
        return reasons.stream()
                .findFirst()
                .map(first -> new Problem(
                        422,
                        first.code(),
                        reasons.stream().map(Reason::detail).collect(Collectors.joining(" ")),
                        Optional.of(first.field()),
                        reasons));
    }

    /// This problem where `holds`.
    public Optional<Problem> when(boolean holds) {
        return holds ? Optional.of(this) : Optional.empty();
    }

    /// A value that reads well but cannot be accepted: 422.
    public static Problem invalid(String field, String code, String detail) {
        return new Problem(422, code, detail, Optional.of(field));
    }

    /// Something does not exist, or may not be seen by who asks: the two are not told apart.
    public static Problem notFound() {
        return new Problem(404, "not-found", "There is nothing with this id, or you may not see it.");
    }

    /// The request is understood and its target is no secret, but this user may not do it.
    public static Problem forbidden(String detail) {
        return new Problem(403, "forbidden", detail);
    }

    /// The request does not fit the state that its target is in: 409.
    public static Problem conflict(String code, String detail) {
        return new Problem(409, code, detail);
    }
}
