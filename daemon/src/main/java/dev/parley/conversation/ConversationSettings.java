package dev.parley.conversation;

import dev.parley.contact.RecipientRules;
import dev.parley.line.Line;
import dev.parley.problem.Problem;
import dev.parley.sms.NationalLanguage;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
/// @param recipients by the line's number, whom it may text
public record ConversationSettings(
        int maxPeople,
        Relay relay,
        Duration replyWindow,
        Duration evidenceMargin,
        boolean ask,
        Map<String, String> help,
        Set<String> smartReplacement,
        Set<String> wholeTexts,
        Map<String, Set<NationalLanguage>> languages,
        Map<String, RecipientRules> recipients) {

    public ConversationSettings {
        help = Map.copyOf(help);
        smartReplacement = Set.copyOf(smartReplacement);
        wholeTexts = Set.copyOf(wholeTexts);
        languages = Map.copyOf(languages);
        recipients = Map.copyOf(recipients);
    }

    /// Why a line may not text a number; empty if it may.
    ///
    /// @param field the member of the request that named it
    Optional<Problem.Reason> refusal(Line line, String number, String field) {
        return recipients
                .getOrDefault(line.number(), RecipientRules.NONE)
                .refusal(number, line.country())
                .map(refusal -> new Problem.Reason(field, refusal.code(), refusal.sentence()));
    }
}
