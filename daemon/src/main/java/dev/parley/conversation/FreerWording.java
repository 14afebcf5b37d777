package dev.parley.conversation;

import java.util.List;
import java.util.regex.Pattern;

/// Wording that a reasonable person would read as a request to be texted no more (47 CFR
/// 64.1200(a)(10): "using any reasonable means"). What is found here is shown to a user for a decision,
/// so it may be generous, but talk among people who meet ("stop by the shop", "don't text me while I
/// drive") must not be caught: sending would be held.
///
/// A text is looked at sentence by sentence, without case, apostrophes and punctuation. A sentence that
/// is STOP in capitals counts behind others too.
final class FreerWording {
    private static final Pattern SENTENCE_END = Pattern.compile("[.,;:!?\\n\\r()\"]+|\\s[-–—]+\\s");

    private static final String BEFORE =
            "(?:(?:please|pls|plz|hi|hello|hey|sorry|ok|okay|no|and|so|just|can you|could you|would you|will you|can u"
                    + "|you need to|you must|i said|i asked you to|i want you to|id like you to|kindly|now) )*";

    private static final String AFTER =
            "(?: (?:please|pls|plz|thanks|thank you|thx|ty|now|right now|immediately|at once"
                    + "|again|ever|ever again|anymore|any more|any longer|altogether|at all|already|for good|today|asap"
                    + "|i am not interested|im not interested|not interested|wrong number|you have the wrong number"
                    + "|this is the wrong number|or else|or i will .*|or ill .*|sir|guys|everyone|all))*";

    private static final String TEXTING = "(?:texting|messaging|msging|smsing|contacting|spamming|bothering|txting)";
    private static final String TEXT = "(?:text|message|msg|sms|txt|contact|spam|bother)";
    private static final String TEXTS =
            "(?:texts|messages|text messages|msgs|sms|smses|txts|spam|notifications|alerts|updates|group texts|group messages)";
    private static final String WHOM = "(?:me|us|this number|this phone|my phone|my number)";
    private static final String NOT = "(?:dont|do not|never|dont ever|do not ever|you may not|you cannot)";
    private static final String OFF =
            "(?: (?:from|off|off of|of|out of|on) (?:your|the|this|that|these|all|any|all your|every|all of your)"
                    + "(?: \\w+){0,3} ?(?:list|lists|database|system|texts|messages|group|chat|thread|distribution"
                    + "|contacts|records|subscription|campaign|mailings?|number))?";

    /// Requests that make a sentence of their own.
    private static final List<Pattern> WHOLE = List.of(
            sentence("(?:stop|quit|cease) " + TEXTING),
            sentence("stop(?: (?:all|this|these|it all|sending|all this|the))?(?: " + TEXTS + ")"),
            sentence("(?:please|pls|plz) stop(?: all| now| this)?"),
            sentence("stop(?: (?:stop|all))+"),
            sentence("stop (?:please|pls|plz|now|immediately|at once)"),
            sentence(NOT + " " + TEXT + " " + WHOM),
            sentence(NOT + " (?:send|write)(?: " + WHOM
                    + "| to me)?(?: any| any more| anymore| more| these| this| your)?" + "(?: of these| of your)?(?: "
                    + TEXTS + ")"),
            sentence("(?:no more|no further|enough) " + TEXTS),
            sentence(
                    "(?:take|get|remove|delete|drop|pull|strike|scratch) (?:me|us|my number|this number|my phone number)"
                            + OFF),
            sentence("(?:take|get) (?:me|us|my number|this number) off(?: this| your| it| of it)?"),
            sentence("(?:lose|forget|delete|erase) (?:my|this) (?:number|phone number)"),
            sentence("(?:unsubscribe|opt)(?: (?:me|us|this number|my number))?(?: out)?" + OFF),
            sentence("(?:leave|let) me (?:alone|be)"),
            sentence(
                    "(?:cancel|end|revoke|quit|stop) (?:my|this|the|all)?(?: ?\\w+)? ?(?:subscription|consent|permission|texts|messages)"),
            sentence("i (?:revoke|withdraw) (?:my )?(?:consent|permission)"));

    /// Requests that may stand anywhere in a sentence.
    private static final List<Pattern> ANYWHERE = List.of(
            // What follows must not narrow it to an hour, a place or a matter.
            Pattern.compile("\\b(?:stop|quit|cease) " + TEXTING + " " + WHOM
                    + "\\b(?! (?:at|while|when|whenever|before|after|during|about|in|on|until|till|for|so|the|from|that"
                    + "|those|pictures|pics|late|early|like|with|as|if|every|all|this|these|and call|just call|every"
                    + "|your|memes|jokes|stuff|things))"),
            Pattern.compile(
                    "\\b(?:stop|quit|cease) sending (?:me |us )?(?:any |any more |more |these |this |your |all |the |so many )*"
                            + TEXTS + "\\b(?! (?:at|while|when|before|after|during|about|in|until|till|with|from|to))"),
            Pattern.compile("\\bi (?:(?:really |just )?(?:dont|do not|no longer|never) (?:want|wish|need|care)|am done"
                    + "|would like to stop|want to stop|asked to stop|asked not)"
                    + "(?: to (?:get|receive|be|hear|see)| getting| receiving| getting any| to)?"
                    + "(?: any| any more| more| anymore| these| your| this| of these| of your)*"
                    + " (?:" + TEXTS + "|texted|messaged|contacted|hear from you|from you)\\b"
                    + "(?! (?:at|while|when|before|after|during|about|in|until|till|with|who|which|lost|left))"),
            Pattern.compile("\\b(?:id like to|i would like to|i want to|i wish to|how do i|how can i|let me|i need to)"
                    + " (?:unsubscribe|opt out|be removed|be taken off|stop (?:getting|receiving) (?:these |your |any |more )*"
                    + TEXTS + ")\\b"),
            Pattern.compile(
                    "\\b(?:take|remove|get|delete) (?:me|us|my number|this number) (?:off|from|off of|out of|of)"
                            + " (?:your|this|the|that|all|any)(?: \\w+){0,2} (?:list|lists|database|mailing|distribution)\\b"),
            Pattern.compile("\\bunsubscribe me\\b"),
            Pattern.compile("\\bopt me out\\b"));

    private FreerWording() {}

    private static Pattern sentence(String request) {
        return Pattern.compile(BEFORE + request + AFTER);
    }

    static boolean isOptOut(String text) {
        // SMS of this length are stories; matching stays cheap.
        if (text.length() > TEXT_MAX) {
            return false;
        }
        for (var piece : SENTENCE_END.split(text, -1)) {
            var words = Keywords.words(piece);
            if (piece.strip().equals("STOP")
                    || WHOLE.stream().anyMatch(request -> request.matcher(words).matches())
                    || ANYWHERE.stream()
                            .anyMatch(request -> request.matcher(words).find())) {
                return true;
            }
        }
        return false;
    }

    private static final int TEXT_MAX = 500;
}
