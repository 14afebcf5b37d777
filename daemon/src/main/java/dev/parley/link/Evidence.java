package dev.parley.link;

import java.util.List;
import java.util.Optional;

/// What can be found of the parts that one report may mean. Each is searched for when it is asked for.
///
/// @param <P> a part
/// @param <X> what a search may throw
public interface Evidence<P, X extends Exception> {

    /// Unsettled parts with the very reference and recipient, the newest first.
    List<P> exact() throws X;

    /// Whether the times of part and report fit ([LinkKind#isOfThatTime]).
    boolean isOfThatTime(P part);

    /// The oldest part without an answer that the report proves sent, if it does.
    Optional<P> proven() throws X;

    /// Among the unsettled parts with the recipient, what has the reference in another spelling.
    ReferenceSpelling.Found<P> respelled() throws X;

    /// The only part with the reference, where that counts whoever the report names.
    Optional<P> byReferenceAlone() throws X;
}
