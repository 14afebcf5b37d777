package dev.parley.contact;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.ShortNumberInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Whom a line may text: `recipients: {allow: ["+1"], block: ["+1900"]}`.
///
/// Emergency numbers and those of services that nobody texts are never recipients: what a text to them does is not
/// ours to try. Premium-rate numbers are none unless `allow` names them. Of the prefixes that fit, the longest
/// decides.
///
/// @param allow prefixes of E.164 numbers, with `+`. If any of them is no prefix of premium-rate numbers alone, only
/// numbers that begin with one of these may be texted
/// @param block prefixes of E.164 numbers, with `+`, that may not be texted
public record RecipientRules(List<String> allow, List<String> block) {

    /// Nothing but the numbers that are never recipients.
    public static final RecipientRules NONE = new RecipientRules(List.of(), List.of());

    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
    private static final ShortNumberInfo SHORT_NUMBERS = ShortNumberInfo.getInstance();

    /// What was found of numbers: finding it out takes longer than all else that is asked of a recipient.
    private static final Map<String, Boolean> PREMIUM = new ConcurrentHashMap<>();

    private static final int PREMIUM_MAX = 10_000;

    /// What each GSM phone takes for an emergency call, wherever it is (3GPP TS 22.101 §10.1.1).
    private static final Set<String> EMERGENCY_ANYWHERE = Set.of("112", "911");

    /// Three digits are a service's own number in every plan, never a sender of texts.
    private static final int SERVICE_DIGITS = 3;

    public RecipientRules {
        allow = List.copyOf(allow);
        block = List.copyOf(block);
    }

    /// Why a number is no recipient.
    ///
    /// @param code stable: `emergency-number`, `service-number`, `premium-number`, `recipient-not-allowed`
    public record Refusal(String code, String sentence) {}

    /// Why `number` may not be texted; empty if it may.
    ///
    /// @param number E.164 with `+`, or the digits of a short code
    /// @param country of the line, ISO 3166-1 alpha-2, upper case
    public Optional<Refusal> refusal(String number, String country) {
        return number.startsWith("+") ? ofE164(number) : ofShortCode(number, country);
    }

    private static Optional<Refusal> ofShortCode(String digits, String country) {
        if (EMERGENCY_ANYWHERE.contains(digits) || SHORT_NUMBERS.isEmergencyNumber(digits, country)) {
            return Optional.of(new Refusal(
                    "emergency-number", digits + " is an emergency number; Parley never texts those. Call it."));
        }
        var number = Numbers.parsed(digits, country);
        boolean service = digits.length() <= SERVICE_DIGITS
                || number.filter(each -> SHORT_NUMBERS.isValidShortNumberForRegion(each, country)
                                && !SHORT_NUMBERS.isSmsServiceForRegion(each, country)
                                && SHORT_NUMBERS.getExpectedCostForRegion(each, country)
                                        != ShortNumberInfo.ShortNumberCost.UNKNOWN_COST)
                        .isPresent();
        return service
                ? Optional.of(new Refusal(
                        "service-number", digits + " is the number of a service that is called, not texted."))
                : Optional.empty();
    }

    private Optional<Refusal> ofE164(String number) {
        var blocked = longest(block, number);
        var allowed = longest(allow, number);
        if (blocked.isPresent()
                && blocked.get().length() > allowed.map(String::length).orElse(0)) {
            return Optional.of(new Refusal(
                    "recipient-not-allowed",
                    number + " begins with " + blocked.get() + ", which this line may not text (recipients.block)."));
        }
        if (isPremium(number)) {
            return allowed.filter(RecipientRules::isOfPremiumOnly).isPresent()
                    ? Optional.empty()
                    : Optional.of(new Refusal(
                            "premium-number",
                            number + " is a premium-rate number; a line texts those only where recipients.allow names"
                                    + " them."));
        }
        boolean onlyAllowed = allow.stream().anyMatch(prefix -> !isOfPremiumOnly(prefix));
        return onlyAllowed && allowed.isEmpty()
                ? Optional.of(new Refusal(
                        "recipient-not-allowed",
                        number + " begins with none of the prefixes that this line may text (recipients.allow)."))
                : Optional.empty();
    }

    private static Optional<String> longest(List<String> prefixes, String number) {
        return prefixes.stream().filter(number::startsWith).max(Comparator.comparingInt(String::length));
    }

    private static boolean isPremium(String e164) {
        if (PREMIUM.size() >= PREMIUM_MAX) {
            PREMIUM.clear();
        }
        return PREMIUM.computeIfAbsent(
                e164,
                _ -> Numbers.parsed(e164, "ZZ")
                        .filter(number -> NUMBERS.getNumberType(number) == PhoneNumberType.PREMIUM_RATE)
                        .isPresent());
    }

    /// Whether all numbers that begin so are premium-rate ones, as far as some that do tell.
    private static boolean isOfPremiumOnly(String prefix) {
        var examples = Stream.of("2", "5", "8")
                .flatMap(digit -> Stream.iterate(prefix + digit, each -> each.length() <= 16, each -> each + digit))
                .flatMap(each -> Numbers.parsed(each, "ZZ").stream())
                .filter(NUMBERS::isValidNumber)
                .toList();
        return !examples.isEmpty()
                && examples.stream().allMatch(each -> NUMBERS.getNumberType(each) == PhoneNumberType.PREMIUM_RATE);
    }
}
