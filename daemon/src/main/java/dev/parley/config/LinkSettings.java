package dev.parley.config;

import dev.parley.modem.Dialect;
import dev.parley.modem.ModemSettings;
import dev.parley.modem.Pin;
import dev.parley.modem.Whereabouts;
import dev.parley.queue.SendLimits;
import dev.parley.smpp.MessageIds;
import dev.parley.smpp.SmppSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/// One way onto the network: what its kind needs to know.
public sealed interface LinkSettings {

    /// What `kind:` may say.
    enum Kind {
        MODEM,
        SMPP
    }

    /// A GSM modem on a serial port.
    ///
    /// @param limits of the SIM
    record Modem(ModemSettings settings, SendLimits limits) implements LinkSettings {

        /// An IMEI has fifteen digits, the last of them for checking (TS 23.003 §6.2.1).
        private static final String IMEI = "[0-9]{14,15}";

        /// TS 23.003 §2.2.
        private static final String IMSI = "[0-9]{6,15}";

        /// A SIM that may send more has no limit worth the name.
        private static final int PER_MINUTE_MAX = 1_000;

        private static final int PER_DAY_MAX = 100_000;

        static Modem from(Section yaml) {
            return new Modem(
                    new ModemSettings(
                            where(yaml),
                            yaml.integer("baud", "Bits a second; of no consequence on USB.")
                                    .in(1_200, 4_000_000)
                                    .or(115_200),
                            yaml.secret("pin", "Of the SIM; entered at most once.")
                                    .that(pin -> pin.reveal().matches("[0-9]{4,8}"), "4 to 8 digits, in quotes")
                                    .like("\"${env:SIM_PIN}\"")
                                    .optional()
                                    .map(pin -> new Pin(pin.reveal())),
                            yaml.choice(
                                            "dialect",
                                            "What the modem is treated as, where what it says of itself misleads.",
                                            Dialect.class)
                                    .like("huawei")
                                    .optional(),
                            yaml.duration("airTimeout", "How long the network may take to accept a text.")
                                    .in(Duration.ofSeconds(5), Duration.ofMinutes(5))
                                    .or(Duration.ofSeconds(120)),
                            yaml.duration("promptTimeout", "How long the modem may take to ask for a text.")
                                    .in(Duration.ofSeconds(1), Duration.ofSeconds(30))
                                    .or(Duration.ofSeconds(10)),
                            statusReports(yaml),
                            ModemSettings.Pace.USUAL),
                    limits(yaml.section("limits", "Of the SIM; what was sent is remembered over restarts.")));
        }

        private static Whereabouts where(Section yaml) {
            var port = yaml.path(
                            "port",
                            "The serial port. Best the path below /dev/serial/by-id: it stays the same when the modem is"
                                    + " plugged in again.")
                    .like("/dev/serial/by-id/usb-HUAWEI_Mobile-if00-port0")
                    .otherwise("the port with that IMEI or IMSI");
            var imei = yaml.text("imei", "Or which modem it is: it is found at whatever port it comes up.")
                    .that(number -> number.matches(IMEI), "15 digits, in quotes")
                    .like("\"490154203237518\"")
                    .optional();
            var imsi = yaml.text("imsi", "Or which SIM is in it; only for a SIM without a PIN.")
                    .that(number -> number.matches(IMSI), "6 to 15 digits, in quotes")
                    .like("\"310150123456789\"")
                    .optional();
            if (yaml.isDescribed()) {
                return new Whereabouts(Optional.of(Path.of("")), imei, imsi);
            }
            if (imei.isPresent() || imsi.isPresent()) {
                return new Whereabouts(port.optional(), imei, imsi);
            }
            // With a number that is none, that mistake is enough.
            var place = yaml.has("imei") || yaml.has("imsi") ? port.or(Path.of("")) : port.required();
            return new Whereabouts(Optional.of(place), imei, imsi);
        }

        private static SendLimits limits(Section yaml) {
            return new SendLimits(
                    limit(yaml.integer("perMinute", "Texts in any 60 seconds.")
                            .in(1, PER_MINUTE_MAX)
                            .like("6")
                            .optional()),
                    limit(yaml.integer("perDay", "Texts in any 24 hours.")
                            .in(1, PER_DAY_MAX)
                            .like("200")
                            .optional()));
        }

        private static OptionalInt limit(Optional<Integer> parts) {
            return parts.isPresent() ? OptionalInt.of(parts.get()) : OptionalInt.empty();
        }
    }

    /// One session or several with an SMSC.
    record Smpp(SmppSettings settings) implements LinkSettings {

        /// What the specification allows (SMPP v3.4 §5.2.1, §5.2.2 and §5.2.3: C-octet strings of at
        /// most 16, 9 and 13 octets, their NUL included). Many SMSCs issue longer ones, so these are
        /// told and not held against anybody.
        private static final int SYSTEM_ID_OCTETS_MAX = 15;

        private static final int PASSWORD_OCTETS_MAX = 8;
        private static final int SYSTEM_TYPE_OCTETS_MAX = 12;

        /// What no SMSC issues; a bind PDU has its bounds.
        private static final int OCTETS_MAX = 255;

        /// What works and may still be no intention.
        List<String> notes() {
            var notes = new ArrayList<String>();
            note(notes, "systemId", settings.systemId(), SYSTEM_ID_OCTETS_MAX);
            note(notes, "password", settings.password(), PASSWORD_OCTETS_MAX);
            note(notes, "systemType", settings.systemType(), SYSTEM_TYPE_OCTETS_MAX);
            return notes;
        }

        private static void note(List<String> notes, String key, String value, int most) {
            if (value.length() > most) {
                notes.add(key + " has " + value.length() + " characters, SMPP 3.4 allows " + most
                        + "; it is sent as it is");
            }
        }

        /// @param line the number of the line that it belongs to
        static Smpp from(Section yaml, String line) {
            return new Smpp(new SmppSettings(
                    yaml.text("host", "The SMSC's name or address.")
                            .that(host -> !host.isBlank(), "a host name or address")
                            .like("smsc.example.net")
                            .required(),
                    yaml.integer("port", "The port there.").in(1, 65_535).or(2775),
                    yaml.choice(
                                    "bind",
                                    "One session for both directions, or one for each: what the SMSC permits.",
                                    SmppSettings.Bind.class)
                            .or(SmppSettings.Bind.TRANSCEIVER),
                    yaml.text("systemId", "The account's name.")
                            .that(Smpp::isAscii, "at most 255 ASCII characters")
                            .like("parley")
                            .required(),
                    yaml.secret("password", "The account's password.")
                            .that(secret -> isAscii(secret.reveal()), "at most 255 ASCII characters")
                            .like("\"${file:/etc/parley/smpp-password}\"")
                            .required()
                            .reveal(),
                    yaml.text("systemType", "Only where the SMSC's paper asks for one.")
                            .that(Smpp::isAscii, "at most 255 ASCII characters")
                            .like("VMA")
                            .or(""),
                    yaml.integer("window", "Texts of one session that may wait for the SMSC's answer.")
                            .in(1, 1_000)
                            .or(10),
                    yaml.perSecond(
                                    "rate",
                                    "What the SMSC permits, for all sessions together; as fast as the windows allow when"
                                            + " left out.")
                            .like("30/s")
                            .optional(),
                    yaml.duration(
                                    "enquireLink",
                                    "How long a session may be silent before it is asked whether it lives.")
                            .in(Duration.ofSeconds(1), Duration.ofMinutes(10))
                            .or(Duration.ofSeconds(30)),
                    yaml.duration("responseTimeout", "An answer that takes longer counts as none.")
                            .in(Duration.ofSeconds(1), Duration.ofMinutes(10))
                            .or(Duration.ofSeconds(60)),
                    line,
                    yaml.integer("sessions", "Sessions held at once; each has its own window.")
                            .in(1, 32)
                            .or(1),
                    yaml.text("version", "Of SMPP, as the bind says it.")
                                    .that(
                                            version -> version.equals("3.4") || version.equals("5.0"),
                                            "\"3.4\" or \"5.0\"")
                                    .or("3.4")
                                    .equals("5.0")
                            ? 0x50
                            : 0x34,
                    yaml.choice(
                                    "longMessages",
                                    "How the SMSC wants a text that needs several SMS: with a user data header, with the"
                                            + " sar parameters, or whole in message_payload.",
                                    SmppSettings.LongMessages.class)
                            .or(SmppSettings.LongMessages.UDH),
                    yaml.choice(
                                    "defaultAlphabet",
                                    "What data_coding 0 means there.",
                                    SmppSettings.DefaultAlphabet.class)
                            .or(SmppSettings.DefaultAlphabet.GSM7),
                    yaml.choice(
                                    "messageIds",
                                    "Where ids are hexadecimal, if in one place only; learned when left out.",
                                    MessageIds.Form.class)
                            .or(MessageIds.Form.AS_WRITTEN),
                    addresses(yaml.section("addresses", "Types of numbers and numbering plans (SMPP 3.4 §5.2.5).")),
                    yaml.optional("tls", "TLS instead of plain TCP; {} trusts what Java trusts.", Smpp::tls),
                    statusReports(yaml)));
        }

        private static SmppSettings.AddressRules addresses(Section yaml) {
            var usual = SmppSettings.AddressRules.USUAL;
            return new SmppSettings.AddressRules(
                    yaml.integer("internationalTon", "Type of number of what begins with +.")
                            .in(0, 6)
                            .or(usual.internationalTon()),
                    yaml.integer("internationalNpi", "Its numbering plan.")
                            .in(0, 18)
                            .or(usual.internationalNpi()),
                    yaml.integer("shortCodeTon", "Type of number of a short code.")
                            .in(0, 6)
                            .or(usual.shortCodeTon()),
                    yaml.integer("shortCodeNpi", "Its numbering plan.")
                            .in(0, 18)
                            .or(usual.shortCodeNpi()),
                    yaml.flag("plus", "Whether international numbers are sent with their +.")
                            .or(usual.plus()));
        }

        private static SmppSettings.Tls tls(Section yaml) {
            return new SmppSettings.Tls(
                    yaml.path("authorities", "A PEM file of certificates to trust in place of those.")
                            .like("/etc/parley/smsc-ca.pem")
                            .optional(),
                    yaml.flag(
                                    "checkHostName",
                                    "Whether the certificate must be the host's own; off only for an SMSC named by its"
                                            + " address.")
                            .or(true));
        }

        private static boolean isAscii(String text) {
            return text.length() <= OCTETS_MAX && text.chars().allMatch(c -> c > 0 && c < 0x80);
        }
    }

    private static boolean statusReports(Section yaml) {
        return yaml.flag(
                        "statusReports",
                        "Off for a network that refuses or charges for them; \"sent\" is the last that is heard then.")
                .or(true);
    }

    /// Empty, with the mistakes noted, where the section does not describe a link.
    ///
    /// @param line the number of the line that it belongs to
    static Optional<LinkSettings> from(Section yaml, String line) {
        var kind = yaml.choice("kind", "What it is.", Kind.class);
        if (kind.optional().isEmpty()) {
            kind.required();
            yaml.anyKeyGoes();
            return Optional.empty();
        }
        return switch (kind.optional().get()) {
            case MODEM -> yaml.read(Modem::from).map(modem -> modem);
            case SMPP -> yaml.read(section -> Smpp.from(section, line)).map(smpp -> smpp);
        };
    }

    /// The keys of both kinds, for [ConfigFile#describe].
    static void describe(Section yaml) {
        var sentence = "The ways onto the network, by names of yours.";
        var modem =
                Objects.requireNonNull(yaml.named("links", "MODEM", sentence).get("MODEM"));
        var smpp = Objects.requireNonNull(yaml.named("links", "SMPP", sentence).get("SMPP"));
        modem.choice("kind", "A modem on a serial port.", Kind.class)
                .like("modem")
                .required();
        Modem.from(modem);
        smpp.choice("kind", "An account at an SMSC.", Kind.class).like("smpp").required();
        Smpp.from(smpp, "0");
    }
}
