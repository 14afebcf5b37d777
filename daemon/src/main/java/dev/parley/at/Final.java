package dev.parley.at;

import java.util.List;

/// How a command ended.
///
/// The first four are what a modem can say (V.250 §5.7, TS 27.005 §3.2.5, TS 27.007 §9.1). The last two are said by
/// whoever waits: nothing came in time, or the modem started anew. Neither tells whether the command was carried out.
public sealed interface Final {

    record Ok(List<Answer> answers) implements Final {
        public Ok {
            answers = List.copyOf(answers);
        }
    }

    /// `ERROR`, and what vendors send in its place (`COMMAND NOT SUPPORT` of Huawei).
    record PlainError() implements Final {}

    /// `+CME ERROR`: the modem's own trouble.
    ///
    /// @param code the number, or [#NO_CODE]
    /// @param text what followed the colon, which is words where `+CMEE=2` is on
    record CmeError(int code, String text) implements Final {}

    /// `+CMS ERROR`: trouble with a message.
    ///
    /// @param code the number, or [#NO_CODE]
    /// @param text what followed the colon
    record CmsError(int code, String text) implements Final {}

    /// Nothing, for as long as was reasonable.
    ///
    /// @param answers what came before the silence; Wavecom ends `+CPIN?` without `OK`, others `+CMGS`
    record Silence(List<Answer> answers) implements Final {
        public Silence {
            answers = List.copyOf(answers);
        }
    }

    record Rebooted() implements Final {}

    /// An error without a number (`+CMS ERROR:` with nothing behind it is real), or one that is no number.
    int NO_CODE = -1;

    /// What was answered; nothing unless the command ended well or was cut short.
    default List<Answer> answers() {
        return switch (this) {
            case Ok(var answers) -> answers;
            case Silence(var answers) -> answers;
            case PlainError _, CmeError _, CmsError _, Rebooted _ -> List.of();
        };
    }

    /// The first line of the answer that says something, or an empty text.
    default String firstLine() {
        return answers().stream()
                .map(answer -> answer.text().strip())
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
    }

    /// True if the modem said `OK`.
    default boolean ok() {
        return this instanceof Ok;
    }

    /// For a log line or an operator.
    default String words() {
        return switch (this) {
            case Ok _ -> "OK";
            case PlainError() -> "ERROR";
            case CmeError(int code, var text) -> "+CME ERROR: " + (code == NO_CODE ? text : CmeCause.words(code));
            case CmsError(int code, var text) ->
                "+CMS ERROR: "
                        + (code == NO_CODE
                                ? text
                                : code + " (" + CmsCause.of(code).words() + ")");
            case Silence _ -> "no answer";
            case Rebooted() -> "the modem restarted";
        };
    }
}
