package dev.parley.config;

import dev.parley.modem.Dialect;
import dev.parley.modem.Whereabouts;
import dev.parley.queue.SendLimits;
import dev.parley.smpp.MessageIds;
import dev.parley.smpp.SmppSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One way onto the network.
public sealed interface LinkSettings {

    /// What `kind:` may say.
    enum Kind {
        MODEM,
        SMPP
    }

    /// A GSM modem on a serial port.
    ///
    /// @param where best a path below `/dev/serial/by-id`, which stays the same when the modem is
    /// plugged in again; or the modem's IMEI, or its SIM's IMSI
    /// @param baud bits a second; of no consequence on USB
    /// @param pin of the SIM; entered at most once
    /// @param dialect what the modem is treated as, whatever it says of itself
    /// @param limits of the SIM
    /// @param airTimeout how long `+CMGS` may take before the outcome counts as uncertain; networks need
    /// a minute, and some of them two
    /// @param promptTimeout how long the modem may take to answer `AT+CMGS=…` with `>`
    /// @param statusReports whether the network is asked what became of each text; without, `sent` is
    /// the last that is heard of it
    record Modem(
            Whereabouts where,
            int baud,
            Optional<Secret> pin,
            Optional<Dialect> dialect,
            SendLimits limits,
            Duration airTimeout,
            Duration promptTimeout,
            boolean statusReports)
            implements LinkSettings {

        /// An IMEI has fifteen digits, the last of them for checking (TS 23.003 §6.2.1).
        private static final String IMEI = "[0-9]{14,15}";

        /// TS 23.003 §2.2.
        private static final String IMSI = "[0-9]{6,15}";

        /// A SIM that may send more has no limit worth the name.
        private static final int PER_MINUTE_MAX = 1_000;

        private static final int PER_DAY_MAX = 100_000;

        static Modem from(Section yaml) {
            return new Modem(
                    where(yaml),
                    yaml.integer("baud").in(1_200, 4_000_000).or(115_200),
                    yaml.secret("pin")
                            .that(pin -> pin.reveal().matches("[0-9]{4,8}"), "4 to 8 digits, in quotes")
                            .optional(),
                    yaml.choice("dialect", Dialect.class).optional(),
                    limits(yaml.section("limits")),
                    yaml.duration("airTimeout")
                            .in(Duration.ofSeconds(5), Duration.ofMinutes(5))
                            .or(Duration.ofSeconds(120)),
                    yaml.duration("promptTimeout")
                            .in(Duration.ofSeconds(1), Duration.ofSeconds(30))
                            .or(Duration.ofSeconds(10)),
                    yaml.flag("statusReports").or(true));
        }

        private static Whereabouts where(Section yaml) {
            var imei = yaml.text("imei")
                    .that(number -> number.matches(IMEI), "15 digits, in quotes")
                    .optional();
            var imsi = yaml.text("imsi")
                    .that(number -> number.matches(IMSI), "6 to 15 digits, in quotes")
                    .optional();
            var port = yaml.path("port");
            if (imei.isPresent() || imsi.isPresent()) {
                return new Whereabouts(port.optional(), imei, imsi);
            }
            // With a number that is none, that mistake is enough.
            var place = yaml.has("imei") || yaml.has("imsi") ? port.or(Path.of("")) : port.required();
            return new Whereabouts(Optional.of(place), imei, imsi);
        }

        private static SendLimits limits(Section yaml) {
            return new SendLimits(
                    limit(yaml.integer("perMinute").in(1, PER_MINUTE_MAX).optional()),
                    limit(yaml.integer("perDay").in(1, PER_DAY_MAX).optional()));
        }

        private static OptionalInt limit(Optional<Integer> parts) {
            return parts.isPresent() ? OptionalInt.of(parts.get()) : OptionalInt.empty();
        }
    }

    /// One session or several with an SMSC.
    ///
    /// @param window submits of one session that may wait for their responses
    /// @param rate what the SMSC permits; as fast as the windows allow where empty
    /// @param version `3.4` or `5.0`, what the bind says
    /// @param addresses type of number and numbering plan by what a number looks like
    /// @param tls empty for plain TCP
    record Smpp(
            String host,
            int port,
            Bind bind,
            String systemId,
            Secret password,
            String systemType,
            int window,
            Optional<Rate> rate,
            Duration enquireLink,
            Duration responseTimeout,
            int sessions,
            String version,
            SmppSettings.LongMessages longMessages,
            SmppSettings.DefaultAlphabet defaultAlphabet,
            MessageIds.Form messageIds,
            SmppSettings.AddressRules addresses,
            Optional<SmppSettings.Tls> tls)
            implements LinkSettings {

        public enum Bind {
            TRANSCEIVER,
            TRANSMITTER_AND_RECEIVER
        }

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
            note(notes, "systemId", systemId, SYSTEM_ID_OCTETS_MAX);
            note(notes, "password", password.reveal(), PASSWORD_OCTETS_MAX);
            note(notes, "systemType", systemType, SYSTEM_TYPE_OCTETS_MAX);
            return notes;
        }

        private static void note(List<String> notes, String key, String value, int most) {
            if (value.length() > most) {
                notes.add(key + " has " + value.length() + " characters, SMPP 3.4 allows " + most
                        + "; it is sent as it is");
            }
        }

        static Smpp from(Section yaml) {
            return new Smpp(
                    yaml.text("host")
                            .that(host -> !host.isBlank(), "a host name or address")
                            .required(),
                    yaml.integer("port").in(1, 65_535).or(2775),
                    yaml.choice("bind", Bind.class).or(Bind.TRANSCEIVER),
                    yaml.text("systemId")
                            .that(id -> ascii(id), "at most 255 ASCII characters")
                            .required(),
                    yaml.secret("password")
                            .that(secret -> ascii(secret.reveal()), "at most 255 ASCII characters")
                            .required(),
                    yaml.text("systemType")
                            .that(type -> ascii(type), "at most 255 ASCII characters")
                            .or(""),
                    yaml.integer("window").in(1, 1_000).or(10),
                    yaml.rate("rate").optional(),
                    yaml.duration("enquireLink")
                            .in(Duration.ofSeconds(1), Duration.ofMinutes(10))
                            .or(Duration.ofSeconds(30)),
                    yaml.duration("responseTimeout")
                            .in(Duration.ofSeconds(1), Duration.ofMinutes(10))
                            .or(Duration.ofSeconds(60)),
                    yaml.integer("sessions").in(1, 32).or(1),
                    yaml.text("version")
                            .that(version -> version.equals("3.4") || version.equals("5.0"), "\"3.4\" or \"5.0\"")
                            .or("3.4"),
                    yaml.choice("longMessages", SmppSettings.LongMessages.class).or(SmppSettings.LongMessages.UDH),
                    yaml.choice("defaultAlphabet", SmppSettings.DefaultAlphabet.class)
                            .or(SmppSettings.DefaultAlphabet.GSM7),
                    yaml.choice("messageIds", MessageIds.Form.class).or(MessageIds.Form.AS_WRITTEN),
                    addresses(yaml.section("addresses")),
                    yaml.has("tls") ? Optional.of(tls(yaml.section("tls"))) : Optional.empty());
        }

        private static SmppSettings.AddressRules addresses(Section yaml) {
            var usual = SmppSettings.AddressRules.USUAL;
            return new SmppSettings.AddressRules(
                    yaml.integer("internationalTon").in(0, 6).or(usual.internationalTon()),
                    yaml.integer("internationalNpi").in(0, 18).or(usual.internationalNpi()),
                    yaml.integer("shortCodeTon").in(0, 6).or(usual.shortCodeTon()),
                    yaml.integer("shortCodeNpi").in(0, 18).or(usual.shortCodeNpi()),
                    yaml.flag("plus").or(usual.plus()));
        }

        private static SmppSettings.Tls tls(Section yaml) {
            return new SmppSettings.Tls(
                    yaml.path("authorities").optional(),
                    yaml.flag("checkHostName").or(true));
        }

        /// What the link of this name needs to know.
        ///
        /// @param line the number of the line that it belongs to
        public SmppSettings forLine(String line) {
            return new SmppSettings(
                    host,
                    port,
                    switch (bind) {
                        case TRANSCEIVER -> SmppSettings.Bind.TRANSCEIVER;
                        case TRANSMITTER_AND_RECEIVER -> SmppSettings.Bind.TRANSMITTER_AND_RECEIVER;
                    },
                    systemId,
                    password.reveal(),
                    systemType,
                    window,
                    rate.map(permitted -> permitted.count() / (permitted.per().toNanos() / 1e9)),
                    enquireLink,
                    responseTimeout,
                    line,
                    sessions,
                    version.equals("5.0") ? 0x50 : 0x34,
                    longMessages,
                    defaultAlphabet,
                    messageIds,
                    addresses,
                    tls);
        }

        private static boolean ascii(String text) {
            return text.length() <= OCTETS_MAX && text.chars().allMatch(c -> c > 0 && c < 0x80);
        }
    }

    /// Empty, with the mistakes noted, where the section does not describe a link.
    static Optional<LinkSettings> from(Section yaml) {
        var kind = yaml.choice("kind", Kind.class);
        if (kind.optional().isEmpty()) {
            kind.required();
            yaml.anyKeyGoes();
            return Optional.empty();
        }
        return switch (kind.optional().get()) {
            case MODEM -> yaml.read(Modem::from).map(modem -> modem);
            case SMPP -> yaml.read(Smpp::from).map(smpp -> smpp);
        };
    }
}
