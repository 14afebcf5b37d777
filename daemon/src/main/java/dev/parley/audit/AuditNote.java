package dev.parley.audit;

import java.util.Optional;

/// What is to be written down. When it happened, and its id, are the log's to say.
///
/// @param user the id of who did it; empty where nobody is known, or the program did it
/// @param userName as it was then; what a failed sign-in claimed; cut to what fits the column
/// @param action the `operationId` of the request, or `command:…` for one on the command line
/// @param target what it was done to: the path of the request or of what came of it; empty for nothing in particular;
/// cut to what fits the column
/// @param from an address, or `command line`
/// @param detail JSON: what was asked for, without secrets and texts
public record AuditNote(
        Optional<Long> user,
        String userName,
        String action,
        String target,
        AuditOutcome outcome,
        String from,
        String detail) {

    /// What fits the columns.
    private static final int NAME_CHARACTERS_MAX = 130;

    private static final int TARGET_CHARACTERS_MAX = 300;
    private static final int DETAIL_CHARACTERS_MAX = 4_000;

    public AuditNote {
        userName = cut(userName, NAME_CHARACTERS_MAX);
        target = cut(target, TARGET_CHARACTERS_MAX);
        detail = detail.length() > DETAIL_CHARACTERS_MAX ? "{\"cut\":true}" : detail;
    }

    private static String cut(String text, int characters) {
        return text.codePointCount(0, text.length()) <= characters
                ? text
                : text.substring(0, text.offsetByCodePoints(0, characters));
    }
}
