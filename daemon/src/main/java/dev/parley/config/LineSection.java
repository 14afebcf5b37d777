package dev.parley.config;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import dev.parley.contact.RecipientRules;
import dev.parley.line.LineSettings;
import dev.parley.queue.LinkTerms;
import dev.parley.sms.NationalLanguage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One of the `lines`: the line itself, and what is said of its conversations.
///
/// @param help what HELP is answered with; the built-in answer where empty
/// @param smartReplacement whether typographic characters may be replaced by near ones to save parts
/// @param languages whose shift tables may be used to save parts
/// @param recipients whom this line may text
record LineSection(
        LineSettings line,
        Optional<String> help,
        boolean smartReplacement,
        Set<NationalLanguage> languages,
        RecipientRules recipients) {

    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

    /// What fits a column of the page.
    private static final int NAME_CHARACTERS_MAX = 60;

    /// Three parts: a help text is sent to everybody who asks.
    private static final int HELP_CHARACTERS_MAX = 459;

    /// Links of one line; more make no sense to fail over among.
    private static final int LINKS_MAX = 32;

    /// A region that libphonenumber gives to numbers of no country, such as those of satellites.
    private static final String WORLD = "001";

    LineSection {
        languages = Set.copyOf(languages);
    }

    String number() {
        return line.number();
    }

    /// @param others whom lines may text that say nothing of their own
    static LineSection from(Section yaml, RecipientRules others) {
        var number = yaml.text("number", "What people text, in E.164.")
                .like("\"+12025550100\"")
                .required();
        return new LineSection(
                new LineSettings(
                        yaml.has("number") ? checkedNumber(yaml, number) : number,
                        yaml.text("name", "What your people call it.")
                                .that(
                                        name -> !name.isBlank() && name.length() <= NAME_CHARACTERS_MAX,
                                        "1 to 60 characters")
                                .like("Front desk")
                                .required(),
                        country(yaml, number),
                        links(yaml),
                        weights(yaml)),
                yaml.text("help", "What a text of just HELP is answered with; Parley's own words when left out.")
                        .that(help -> !help.isBlank() && help.length() <= HELP_CHARACTERS_MAX, "1 to 459 characters")
                        .like("\"Smith Movers: 2 to 4 texts a week. Call +1 202 555 0100. Reply STOP to end.\"")
                        .optional(),
                yaml.flag(
                                "smartReplacement",
                                "Typographic quotes and dashes make a text cost more than twice as much; this sends plain"
                                        + " ones instead.")
                        .or(false),
                languages(yaml),
                yaml.optional(
                                "recipients",
                                "Whom this line may text; the section of all lines counts when left out.",
                                RecipientSection::from)
                        .orElse(others));
    }

    /// By ISO 639-1, as people know them; those that have a shift table (3GPP TS 23.038 §6.2.1.2.4).
    private static final Map<String, NationalLanguage> LANGUAGES = Map.ofEntries(
            Map.entry("TR", NationalLanguage.TURKISH),
            Map.entry("ES", NationalLanguage.SPANISH),
            Map.entry("PT", NationalLanguage.PORTUGUESE),
            Map.entry("BN", NationalLanguage.BENGALI),
            Map.entry("GU", NationalLanguage.GUJARATI),
            Map.entry("HI", NationalLanguage.HINDI),
            Map.entry("KN", NationalLanguage.KANNADA),
            Map.entry("ML", NationalLanguage.MALAYALAM),
            Map.entry("OR", NationalLanguage.ORIYA),
            Map.entry("PA", NationalLanguage.PUNJABI),
            Map.entry("TA", NationalLanguage.TAMIL),
            Map.entry("TE", NationalLanguage.TELUGU),
            Map.entry("UR", NationalLanguage.URDU));

    private static Set<NationalLanguage> languages(Section yaml) {
        return Set.copyOf(yaml.texts(
                "languages",
                "Letters of these languages cost no more than English ones, if every phone that is texted has their"
                        + " tables (3GPP TS 23.038): bn, es, gu, hi, kn, ml, or, pa, pt, ta, te, tr, ur.",
                text -> Optional.ofNullable(LANGUAGES.get(text.toUpperCase(Locale.ROOT))),
                "some of " + LANGUAGES.keySet().stream().sorted().collect(Collectors.joining(", "))));
    }

    private static String checkedNumber(Section yaml, String number) {
        var e164 = parsed(number)
                .filter(it -> NUMBERS.isPossibleNumberWithReason(it) == ValidationResult.IS_POSSIBLE)
                .map(it -> NUMBERS.format(it, PhoneNumberFormat.E164));
        if (!e164.equals(Optional.of(number))) {
            var expected = e164.map(it -> "it in E.164, \"" + it + "\"")
                    .orElse("a phone number in E.164, such as \"+12025550100\", in quotes");
            yaml.wrong("number", yaml.shown("number") + "; expected " + expected);
        }
        return e164.orElse(number);
    }

    private static String country(Section yaml, String number) {
        var written = yaml.text("country", "Numbers without a country code are read as this country's.")
                .that(
                        country -> NUMBERS.getSupportedRegions().contains(country),
                        "a country's two letters by ISO 3166, such as US")
                .otherwise("the country of the line's own number")
                .like("US")
                .optional();
        if (written.isPresent() || yaml.has("country")) {
            return written.orElse("");
        }
        return region(number).orElseGet(() -> {
            if (number.startsWith("+")) {
                yaml.wrong("country", "cannot be told from the number; write its two letters, such as \"country: US\"");
            }
            return "";
        });
    }

    private static Optional<String> region(String number) {
        return parsed(number)
                .map(it -> Objects.requireNonNullElseGet(
                        NUMBERS.getRegionCodeForNumber(it),
                        () -> NUMBERS.getRegionCodeForCountryCode(it.getCountryCode())))
                .filter(region -> !region.equals(WORLD) && !region.equals("ZZ"));
    }

    private static Optional<PhoneNumber> parsed(String number) {
        try {
            return Optional.of(NUMBERS.parse(number, null));
        } catch (NumberParseException _) {
            return Optional.empty();
        }
    }

    private static List<String> links(Section yaml) {
        var links = names(yaml);
        if (yaml.isDescribed()) {
            return List.of();
        }
        if (links.isEmpty()) {
            yaml.wrong("links", "names no link; a line needs one at least, such as \"links: [modem-1]\"");
        } else if (links.size() > LINKS_MAX) {
            yaml.wrong("links", "names " + links.size() + " links; expected at most " + LINKS_MAX);
        }
        return links.stream().map(Section.Item::name).toList();
    }

    /// The names of the links, each with its place.
    static List<Section.Item> names(Section yaml) {
        var names = yaml.names(
                "links",
                "Names of links, the preferred one first; each belongs to one line. Or, for links that share the texts,"
                        + " [{name: a, weight: 3}, {name: b, weight: 1}, spare]: the names behind take over while none"
                        + " of those can.");
        names.forEach(link -> link.more().ifPresent(LineSection::weight));
        return names;
    }

    private static Value<Integer> weight(Section link) {
        return link.integer("weight", "Its share of the line's texts.").in(1, LinkTerms.WEIGHT_MAX);
    }

    /// `[{name: a, weight: 3}, {name: b, weight: 1}, spare]`
    private static Map<String, Integer> weights(Section yaml) {
        var weights = new LinkedHashMap<String, Integer>();
        var without = Optional.<Section.Item>empty();
        for (var link : names(yaml)) {
            if (link.more().isEmpty()) {
                without = without.or(() -> Optional.of(link));
                continue;
            }
            weights.put(link.name(), weight(link.more().get()).required());
            without.ifPresent(before -> yaml.wrong(
                    "links",
                    before,
                    "has \"" + before.name()
                            + "\" without a weight before a link with one; give it a weight too, or put"
                            + " it behind those that have one, to take texts only while none of them can"));
            without = Optional.empty();
        }
        return weights;
    }
}
