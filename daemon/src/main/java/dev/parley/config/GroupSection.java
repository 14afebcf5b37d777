package dev.parley.config;

import dev.parley.conversation.ConversationSettings;
import dev.parley.conversation.Relay;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// The section `groups`, with what lines say of their conversations. A number that two lines have is a mistake that is
/// noted elsewhere.
final class GroupSection {

    /// What happens to a reply that fits several conversations.
    private enum AmbiguousReplies {
        ASK,
        HOLD
    }

    private GroupSection() {}

    /// @param lines what they say of themselves; whom they may text where they say nothing is in there
    /// @param wholeTexts numbers of the lines whose SMSC splits long texts itself
    static ConversationSettings from(Section yaml, List<LineSection> lines, List<String> wholeTexts) {
        return new ConversationSettings(
                yaml.integer("maxPeople", "People in a group, the user included.")
                        .in(3, 10)
                        .or(10),
                yaml.choice(
                                "relay",
                                "Whether replies go on to the others, where the creator of a group does not say; none:"
                                        + " only your side sees them.",
                                Relay.class)
                        .or(Relay.ALL),
                yaml.duration("replyWindow", "How far back a text counts as heard when a reply has to be placed.")
                        .in(Duration.ofMinutes(1), Duration.ofDays(30))
                        .or(Duration.ofHours(48)),
                yaml.duration("evidenceMargin", "How far the network's clock and ours may differ.")
                        .in(Duration.ZERO, Duration.ofHours(1))
                        .or(Duration.ofMinutes(2)),
                yaml.choice(
                                        "ambiguousReplies",
                                        "A reply that fits several groups: ask its sender which is meant, or hold it for a"
                                                + " user to place.",
                                        AmbiguousReplies.class)
                                .or(AmbiguousReplies.ASK)
                        == AmbiguousReplies.ASK,
                lines.stream()
                        .filter(line -> line.help().isPresent())
                        .collect(Collectors.toMap(
                                LineSection::number, line -> line.help().orElseThrow(), (one, _) -> one)),
                lines.stream()
                        .filter(LineSection::smartReplacement)
                        .map(LineSection::number)
                        .collect(Collectors.toSet()),
                wholeTexts.stream().collect(Collectors.toSet()),
                lines.stream().collect(Collectors.toMap(LineSection::number, LineSection::languages, (one, _) -> one)),
                lines.stream()
                        .collect(Collectors.toMap(LineSection::number, LineSection::recipients, (one, _) -> one)));
    }
}
