package dev.parley.contact;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// Phone numbers in the spellings of people, networks and the database.
///
/// A number is taken when its length and form are possible in its numbering plan. Whether its range is allotted
/// today is not asked: metadata ages, plans reserve ranges for examples and tests, and the network has the last
/// word.
public final class Numbers {
    private static final PhoneNumberUtil PHONE_NUMBERS = PhoneNumberUtil.getInstance();

    /// Longer input is nobody's number, however it is spaced.
    private static final int CHARACTERS_MAX = 40;

    /// An alphanumeric TP-OA holds eleven septets (3GPP TS 23.040 §9.1.2.5: ten octets of address value).
    private static final int ALPHANUMERIC_MAX = 11;

    /// What shows nothing and comes along when a number is copied: directional marks, joiners, a byte order mark.
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\p{Cc}&&[^\\t]]+");

    /// A number as a link has it (RFC 3966 §3, RFC 5724 §2.1), with what may follow it.
    private static final Pattern URI =
            Pattern.compile("(?i)(?:tel|sms|smsto|callto|whatsapp):(?://)?([^;?,]*)(?:[;?,].*)?");

    /// What people write between digits: blanks of all kinds, hyphens and dashes, dots, slashes, parentheses; a plus
    /// in front.
    private static final Pattern SPELLING = Pattern.compile("[+＋]?[\\p{Nd}\\p{Zs}\\t()（）./\\-\\u2010-\\u2015\\u2212]*");

    /// Two signs for "international" are one.
    private static final Pattern PLUS_AND_ZEROS = Pattern.compile("^[+＋]\\s*00\\s*");

    private static final Pattern LETTER = Pattern.compile("\\p{L}");

    private static final Pattern SHORT_CODE = Pattern.compile("[0-9]{3,8}");

    /// A country code 1 number is NXX-NXX-XXXX, N from 2 to 9 (NANP; ITU-T E.164 leaves the form to the plan).
    private static final Pattern NANP = Pattern.compile("[2-9][0-9]{2}[2-9][0-9]{6}");

    private static final int NANP_COUNTRY_CODE = 1;

    private static final int ARGENTINA = 54;
    private static final int BRAZIL = 55;
    private static final int MEXICO = 52;

    private Numbers() {}

    /// What a text that should be a phone number turned out to be.
    public sealed interface Parsed {

        /// A number that can be texted.
        ///
        /// @param number with `+`
        record E164(String number) implements Parsed {}

        /// A number of a service in one network, 3 to 8 digits: it can text us and cannot be in a group.
        record ShortCode(String digits) implements Parsed {}

        /// A sender that is a name (3GPP TS 23.040 §9.1.2.5, type of number 101): nobody can text it.
        record Alphanumeric(String name) implements Parsed {}

        /// No number, nor anything else that texts.
        ///
        /// @param code stable: `not-a-number`, `too-short`, `too-long`, `unknown-country`
        /// @param sentence what is wrong with it and what would be right
        record Bad(String code, String sentence) implements Parsed {}
    }

    /// Reads a number in any spelling.
    ///
    /// @param country ISO 3166-1 alpha-2, upper case: where a number without `+` is dialled
    public static Parsed parse(String text, String country) {
        if (isNanp(text)) {
            return new Parsed.E164(text);
        }
        var trimmed = bare(text);
        if (trimmed.isEmpty()) {
            return new Parsed.Bad("not-a-number", "The number is empty; expected one such as +12025550111.");
        }
        if (trimmed.length() > CHARACTERS_MAX) {
            return new Parsed.Bad(
                    "too-long",
                    "A number has at most 15 digits (E.164); this is " + trimmed.length() + " characters long.");
        }
        if (LETTER.matcher(trimmed).find()) {
            return trimmed.length() <= ALPHANUMERIC_MAX ? new Parsed.Alphanumeric(trimmed) : notANumber(trimmed);
        }
        var digits = digits(trimmed);
        if (digits.isEmpty()) {
            return notANumber(trimmed);
        }
        boolean international = trimmed.startsWith("+") || trimmed.startsWith("＋");
        return international ? international(trimmed, country) : national(trimmed, digits, country);
    }

    /// Whether this is a number of country code 1 as it is stored: what [#parse] would make of it by way of the
    /// metadata, at a hundredth of the cost. Most input of the API is of this form.
    private static boolean isNanp(String text) {
        if (text.length() != 12 || !text.startsWith("+1") || text.charAt(2) < '2' || text.charAt(5) < '2') {
            return false;
        }
        for (int i = 2; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /// The number itself, without what cannot be seen, the scheme of a link and the blanks around it.
    private static String bare(String text) {
        var visible = INVISIBLE.matcher(text).replaceAll("").strip();
        var uri = URI.matcher(visible);
        var number = uri.matches()
                ? uri.group(1)
                        .replace("%20", " ")
                        .replace("%2B", "+")
                        .replace("%2b", "+")
                        .strip()
                : visible;
        return PLUS_AND_ZEROS.matcher(number).replaceFirst("+");
    }

    private static Parsed international(String text, String country) {
        try {
            return plausible(text, canonical(PHONE_NUMBERS.parse(text, country)));
        } catch (NumberParseException e) {
            return bad(text, e);
        }
    }

    /// A number that is valid where it is dialled is that number; else a few digits are a short code; else it may be
    /// an international one without its plus, or with the two zeros that most of the world dials for it; else a
    /// possible number still.
    private static Parsed national(String text, String digits, String country) {
        boolean isShort = SHORT_CODE.matcher(digits).matches() && digits.equals(text);
        Parsed otherwise;
        try {
            var number = canonical(PHONE_NUMBERS.parse(text, country));
            if (PHONE_NUMBERS.isValidNumber(number)) {
                return mayHaveCountryCode(digits, country, number)
                        ? new Parsed.Bad(
                                "not-a-number",
                                text + " may begin with the country code or be dialled within the country; write it"
                                        + " with + or with " + trunkPrefix(country) + " in front.")
                        : new Parsed.E164(e164(number));
            }
            otherwise = plausible(text, number);
        } catch (NumberParseException e) {
            otherwise = bad(text, e);
        }
        return isShort
                ? new Parsed.ShortCode(digits)
                : withoutPlus(digits)
                        .<Parsed>map(number -> new Parsed.E164(e164(number)))
                        .orElse(otherwise);
    }

    /// Whether digits that are a number of the country begin with its own code as well, and are another number with
    /// it: where a prefix is dialled before national numbers and these have none, nobody knows which is meant.
    private static boolean mayHaveCountryCode(String digits, String country, PhoneNumber national) {
        var prefix = trunkPrefix(country);
        return !prefix.isEmpty()
                && !digits.startsWith(prefix)
                && digits.startsWith(Integer.toString(national.getCountryCode()))
                && valid("+" + digits, "ZZ").isPresent();
    }

    private static String trunkPrefix(String country) {
        var prefix = PHONE_NUMBERS.getNddPrefixForRegion(country, true);
        return prefix == null ? "" : prefix;
    }

    /// The digits as an international number, where that makes a valid one.
    private static Optional<PhoneNumber> withoutPlus(String digits) {
        return valid("+" + (digits.startsWith("00") ? digits.substring(2) : digits), "ZZ");
    }

    /// One number for each phone. Some plans have two spellings that both reach it, and networks and people use
    /// either:
    ///
    /// * Argentina's mobiles have a 9 behind the country code when they are dialled from abroad, and none within
    ///   (ENACOM, Plan Fundamental de Numeración Nacional). What texts is a mobile: it has the 9 here.
    /// * Brazil's mobiles got a ninth digit, 9, in front of the eight that begin with 6 to 9 (Anatel, resolution
    ///   553/2010). SMSCs still write some without.
    /// * Mexico's mobiles had a 1 behind the country code until 2019 (IFT, Plan Técnico Fundamental de Numeración).
    private static PhoneNumber canonical(PhoneNumber number) {
        var national = PHONE_NUMBERS.getNationalSignificantNumber(number);
        var rest = switch (number.getCountryCode()) {
            case ARGENTINA -> national.length() == 10 && !national.startsWith("0") ? "9" + national : national;
            case BRAZIL ->
                national.length() == 10 && national.charAt(2) >= '6'
                        ? national.substring(0, 2) + "9" + national.substring(2)
                        : national;
            case MEXICO -> MEXICO_PREFIXED.matcher(national).replaceFirst("$1");
            default -> national;
        };
        return rest.equals(national)
                ? number
                : new PhoneNumber().setCountryCode(number.getCountryCode()).setNationalNumber(Long.parseLong(rest));
    }

    /// Ten digits behind the former mobile prefix, or behind what was dialled for a mobile within the country.
    private static final Pattern MEXICO_PREFIXED = Pattern.compile("^(?:1|01|044|045)([2-9][0-9]{9})$");

    /// The sender of a text as the network writes it, in the form in which numbers are stored.
    ///
    /// Networks write the numbers of their own country without `+`, as their numbering plan dials them (type of
    /// number *unknown* or *national*: 3GPP TS 23.040 §9.1.2.5), and SMSCs write international ones with neither
    /// `+` nor the type that stands for it (SMPP v3.4 §5.2.5). The same digits may be valid either way (a French
    /// mobile's are a landline's in Germany): who texts has a mobile; else the national reading counts, and what is
    /// valid before what is only possible. Short codes, names and what is nobody's number stay as they are.
    ///
    /// @param country of the line that was texted: ISO 3166-1 alpha-2, upper case
    public static String ofSender(String sender, String country) {
        var written = bare(sender);
        if (written.startsWith("+")) {
            return ofInternational(written, country).orElse(sender);
        }
        var digits = digits(written);
        if (digits.isEmpty() || (digits.length() < SHORTEST && !digits.equals(written))) {
            return sender;
        }
        var national = valid(digits, country);
        var international = withoutPlus(digits);
        return national.filter(Numbers::mayBeMobile)
                .or(() -> international.filter(Numbers::mayBeMobile))
                .or(() -> national)
                .or(() -> international)
                .map(Numbers::e164)
                .or(() -> possible(digits, country))
                .or(() -> possible("+" + digits, country))
                .orElse(sender);
    }

    /// A number of which the network says that it is international. Some say so of the numbers of their own country
    /// too, without its code: what is no valid number, and is one where it was dialled, is that one.
    private static Optional<String> ofInternational(String written, String country) {
        return valid(written, country)
                .or(() -> valid(written.substring(1), country))
                .map(Numbers::e164)
                .or(() -> possible(written, country));
    }

    /// A sender that the network calls a name (type of number 101): some SMSCs write numbers so. Ten digits or more
    /// that make a valid number are one; all else is the name that it says it is.
    ///
    /// @param country of the line that was texted: ISO 3166-1 alpha-2, upper case
    public static String ofNamed(String name, String country) {
        var digits = digits(bare(name));
        if (digits.length() < NAMED_DIGITS_MIN) {
            return name;
        }
        var number = ofSender(name, country);
        return number.startsWith("+") && valid(number, country).isPresent() ? number : name;
    }

    /// Fewer digits than this, written with blanks or hyphens, are no sender's number.
    private static final int SHORTEST = 7;

    private static final int NAMED_DIGITS_MIN = 10;

    /// Whether the digits are those of the number with its country code, with a plus, two zeros or
    /// nothing before them.
    public static boolean isInternationally(String written, String e164) {
        var digits = digits(written);
        var number = e164.substring(1);
        return digits.equals(number) || digits.equals("00" + number);
    }

    /// Whether the digits are the number as it is dialled in `country`, whatever type of number the
    /// network claims: a plus in front of them says nothing.
    ///
    /// @param country ISO 3166-1 alpha-2, upper case
    public static boolean isNationally(String written, String e164, String country) {
        var digits = digits(written);
        return !digits.isEmpty()
                && possible(digits, country).filter(e164::equals).isPresent();
    }

    /// Empty where there is more than digits and what people write between them.
    private static String digits(String written) {
        var trimmed = written.strip();
        return trimmed.length() <= CHARACTERS_MAX && SPELLING.matcher(trimmed).matches()
                ? PhoneNumberUtil.normalizeDigitsOnly(trimmed)
                : "";
    }

    private static Optional<PhoneNumber> valid(String text, String country) {
        return parsed(text, country).map(Numbers::canonical).filter(PHONE_NUMBERS::isValidNumber);
    }

    /// What the library makes of a text, be it a number or not.
    static Optional<PhoneNumber> parsed(String text, String country) {
        try {
            return Optional.of(PHONE_NUMBERS.parse(text, country));
        } catch (NumberParseException _) {
            return Optional.empty();
        }
    }

    private static boolean mayBeMobile(PhoneNumber number) {
        var type = PHONE_NUMBERS.getNumberType(number);
        return type == PhoneNumberType.MOBILE || type == PhoneNumberType.FIXED_LINE_OR_MOBILE;
    }

    private static Optional<String> possible(String text, String country) {
        return parse(text, country) instanceof Parsed.E164(var number) ? Optional.of(number) : Optional.empty();
    }

    private static Parsed plausible(String text, PhoneNumber number) {
        var verdict = PHONE_NUMBERS.isPossibleNumberWithReason(number);
        if (verdict == ValidationResult.IS_POSSIBLE
                && number.getCountryCode() == NANP_COUNTRY_CODE
                && !NANP.matcher(PHONE_NUMBERS.getNationalSignificantNumber(number))
                        .matches()) {
            return new Parsed.Bad(
                    "not-a-number",
                    text + " is no number of its country: after +1, area code and" + " exchange begin with 2 to 9.");
        }
        return switch (verdict) {
            case IS_POSSIBLE -> new Parsed.E164(e164(number));
            case TOO_SHORT ->
                new Parsed.Bad(
                        "too-short",
                        text + " is too short for a number of its country; write it whole,"
                                + " with + and the country code.");
            case TOO_LONG -> new Parsed.Bad("too-long", text + " is too long for a number of its country.");
            case INVALID_LENGTH ->
                new Parsed.Bad("not-a-number", text + " has a length that no number of its country has.");
            case IS_POSSIBLE_LOCAL_ONLY ->
                new Parsed.Bad(
                        "too-short", text + " lacks its area code; write it whole, with + and the country code.");
            case INVALID_COUNTRY_CODE -> unknownCountry(text);
        };
    }

    private static Parsed bad(String text, NumberParseException e) {
        return switch (e.getErrorType()) {
            case INVALID_COUNTRY_CODE -> unknownCountry(text);
            case TOO_SHORT_AFTER_IDD, TOO_SHORT_NSN ->
                new Parsed.Bad("too-short", text + " is too short for a phone number.");
            case TOO_LONG -> new Parsed.Bad("too-long", text + " is too long for a phone number.");
            case NOT_A_NUMBER -> notANumber(text);
        };
    }

    private static Parsed unknownCountry(String text) {
        return new Parsed.Bad("unknown-country", text + " begins with a country code that does not exist.");
    }

    private static Parsed.Bad notANumber(String text) {
        return new Parsed.Bad("not-a-number", text + " is not a phone number; expected one such as +12025550111.");
    }

    private static String e164(PhoneNumber number) {
        return PHONE_NUMBERS.format(number, PhoneNumberFormat.E164);
    }

    /// Numbers that were shown lately, by country: formatting one takes the parser some microseconds and some
    /// kilobytes, and a list shows hundreds.
    private static final Map<String, String> SHOWN = new ConcurrentHashMap<>();

    /// When there are so many, they are forgotten.
    private static final int SHOWN_MAX = 10_000;

    /// Two countries write the numbers of their shared plan alike.
    private static final Set<String> NANP_STYLE = Set.of("US", "CA");

    /// How to show a number: as people of `country` write it if it is one of theirs, else internationally. What is
    /// no E.164 number is shown as it is.
    public static String display(String number, String country) {
        if (!number.startsWith("+")) {
            return number;
        }
        if (NANP_STYLE.contains(country)
                && number.startsWith("+1")
                && NANP.matcher(number.substring(2)).matches()) {
            return "(" + number.substring(2, 5) + ") " + number.substring(5, 8) + "-" + number.substring(8);
        }
        if (SHOWN.size() >= SHOWN_MAX) {
            SHOWN.clear();
        }
        return SHOWN.computeIfAbsent(
                country + number,
                _ -> parsed(number, "ZZ")
                        .map(parsed -> formatted(parsed, country))
                        .orElse(number));
    }

    /// Forgets which numbers were shown.
    static void forgetShown() {
        SHOWN.clear();
    }

    private static String formatted(PhoneNumber number, String country) {
        boolean ours = number.getCountryCode() == PHONE_NUMBERS.getCountryCodeForRegion(country);
        return PHONE_NUMBERS.format(number, ours ? PhoneNumberFormat.NATIONAL : PhoneNumberFormat.INTERNATIONAL);
    }

    /// The digits by which stored numbers can be found for what somebody types into a search field: as typed,
    /// without an international or national prefix, and whole if it is a whole number. Empty if it is not the
    /// spelling of a number.
    static Set<String> searchDigits(String typed, String country) {
        var found = new LinkedHashSet<String>();
        var text = typed.strip();
        var digits = PhoneNumberUtil.normalizeDigitsOnly(text);
        if (!SPELLING.matcher(text).matches() || digits.length() < SEARCH_DIGITS_MIN) {
            return found;
        }
        if (parse(text, country) instanceof Parsed.E164(var e164)) {
            found.add(e164.substring(1));
        }
        found.add(digits);
        if (!text.startsWith("+")) {
            for (var prefix : List.of("00", trunkPrefix(country))) {
                if (digits.startsWith(prefix) && digits.length() - prefix.length() >= SEARCH_DIGITS_MIN) {
                    found.add(digits.substring(prefix.length()));
                }
            }
        }
        return found;
    }

    /// Fewer digits are in nearly every number.
    private static final int SEARCH_DIGITS_MIN = 3;
}
