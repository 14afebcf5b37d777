package dev.parley.link;

import java.util.List;
import java.util.Optional;

/// What was found of the parts that one report may mean.
///
/// @param <P> a part
public interface Evidence<P> {

    /// Unsettled parts with the very reference and recipient, the newest first.
    List<P> exact();

    /// Whether the times of part and report fit ([LinkKind#isOfThatTime]).
    boolean isOfThatTime(P part);

    /// The oldest part without an answer that the report proves sent, if it does.
    Optional<P> proven();

    /// Among the unsettled parts with the recipient, what has the reference in another spelling.
    ReferenceSpelling.Found<P> respelled();

    /// The only part with the reference, where that counts whoever the report names.
    Optional<P> byReferenceAlone();
}
