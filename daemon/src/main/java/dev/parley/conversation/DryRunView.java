package dev.parley.conversation;

import dev.parley.problem.Problem;
import java.util.List;
import java.util.Optional;

/// What a creation would lead to.
///
/// @param line the line that it would be on; empty where there is none
/// @param suggestedLine the line on which the fewest of these people have an open group already
/// @param tag the group's tag as of now; empty for a direct conversation
/// @param sharedWith which of these people are in other open groups on the line
/// @param refusals all that stands against it, with the field that each is about; empty if it would be done
/// @param introduction what each would be sent first with `introduce`; empty for a direct conversation
public record DryRunView(
        Optional<ConversationView.LineRef> line,
        Optional<ConversationView.LineRef> suggestedLine,
        Optional<String> tag,
        ConversationView.SharedWith sharedWith,
        List<Problem.Reason> refusals,
        Optional<String> introduction) {
    public DryRunView {
        refusals = List.copyOf(refusals);
    }
}
