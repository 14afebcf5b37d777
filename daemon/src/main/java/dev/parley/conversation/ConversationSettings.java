package dev.parley.conversation;

import dev.parley.sms.NationalLanguage;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// How conversations behave, as the configuration has it.
///
/// @param maxPeople in a group, the user included: 3 to 10
/// @param relay where the creator of a group does not say
/// @param replyWindow how far back a text counts as heard when a reply has to be placed
/// @param evidenceMargin how far the clocks of network and daemon may differ before evidence is doubted
/// @param ask whether a sender is asked where its reply belongs
/// @param help what HELP is answered with, by the line's number; the built-in answer for others
/// @param smartReplacement numbers of the lines that replace typographic characters to save parts
/// @param wholeTexts numbers of the lines whose SMSC splits long texts itself: there a text is one part of the queue,
/// in no language's shift tables
/// @param languages by the line's number, whose shift tables may be used to save parts; for others none
public record ConversationSettings(
        int maxPeople,
        Relay relay,
        Duration replyWindow,
        Duration evidenceMargin,
        boolean ask,
        Map<String, String> help,
        Set<String> smartReplacement,
        Set<String> wholeTexts,
        Map<String, Set<NationalLanguage>> languages) {

    public static final ConversationSettings DEFAULT = new ConversationSettings(
            10, Relay.ALL, Duration.ofDays(2), Duration.ofMinutes(2), true, Map.of(), Set.of(), Set.of(), Map.of());

    public ConversationSettings {
        help = Map.copyOf(help);
        smartReplacement = Set.copyOf(smartReplacement);
        wholeTexts = Set.copyOf(wholeTexts);
        languages = Map.copyOf(languages);
    }
}
