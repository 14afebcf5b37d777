package dev.parley.modem;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// An odd modem on a line of its own, what is done to it ([#act]) and what must be seen ([#wrong]).
abstract class FieldCase extends FieldModem {
    static final String ANN = "+12025550811";
    static final String BOB = "+12025550812";

    /// What is done at the daemon.
    interface Rig {
        /// @return the message's id
        String send(FieldCase from, String to, String text);

        void restart(FieldCase link);

        /// @return the text of the answer, or what was wrong
        String ussd(FieldCase link, String code);
    }

    /// What is seen at the daemon.
    interface Seen {
        /// The texts that came in on this line, the oldest first.
        List<String> texts(FieldCase line);

        String state(FieldCase link);

        String sentence(FieldCase link);

        /// Of the message's one delivery.
        String status(String message);
    }

    /// Seconds from [#act] to the judgement.
    double within = 30;

    /// Right as soon as nothing is wrong; else judged when the time is over, because too much is wrong
    /// too.
    boolean early;

    /// Acted on when the link is ready; else at once.
    boolean readyFirst = true;

    /// Further keys of the link.
    String config = "";

    /// Whether [#act] has come to its end.
    volatile boolean acted;

    /// Before the daemon starts.
    void before() {}

    void act(Rig rig) {}

    /// Empty if all is right, else what was got and what was wanted.
    abstract Optional<String> wrong(Seen seen);

    static Optional<String> unless(boolean right, String got) {
        return right ? Optional.empty() : Optional.of(got);
    }

    static Instant ago(double seconds) {
        return Instant.now().minusMillis((long) (seconds * 1_000));
    }

    /// What came in on this line must be exactly these texts, in any order.
    static class Texts extends FieldCase {
        List<String> wanted = List.of();

        Texts(double within, boolean early, String... wanted) {
            this.within = within;
            this.early = early;
            this.wanted = List.of(wanted);
        }

        @Override
        Optional<String> wrong(Seen seen) {
            var got = seen.texts(this);
            return unless(
                    got.stream()
                            .sorted()
                            .toList()
                            .equals(wanted.stream().sorted().toList()),
                    "the texts " + got + ", wanted " + wanted);
        }
    }

    /// One text to Bob must go out once and be delivered.
    static class Sent1 extends FieldCase {
        String message = "";

        Sent1(double within) {
            this.within = within;
            this.early = true;
        }

        @Override
        void act(Rig rig) {
            message = rig.send(this, BOB, "text");
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(
                    sent.size() == 1 && seen.status(message).equals("delivered"),
                    sent.size() + " hand-overs, " + seen.status(message) + ", wanted one, delivered");
        }
    }

    /// This command may be asked about once a second, and must go on being asked.
    static class Paced extends FieldCase {
        String paced = "AT+CPIN?";

        Paced() {
            within = 22;
            readyFirst = false;
        }

        @Override
        Optional<String> wrong(Seen seen) {
            long asked = count(paced, 10);
            return unless(asked >= 1 && asked <= 12, paced + " " + asked + " times in 10 s, wanted 1 to 12");
        }
    }

    /// The modem refuses whatever is sent to whomever. Ten texts to ten people.
    static class Sick extends FieldCase {
        private final String code;
        private final boolean heals;
        private volatile long since;
        List<String> messages = List.of();

        /// @param heals whether `AT+CFUN=…` cures it; it passes after a minute
        Sick(String code, boolean heals) {
            this.code = code;
            this.heals = heals;
            within = 170;
            early = true;
            mr = 253;
        }

        static String person(int number) {
            return "+120255507%02d".formatted(number);
        }

        @Override
        void act(Rig rig) {
            messages = IntStream.range(0, 10)
                    .mapToObj(i -> rig.send(this, person(i), "to " + i))
                    .toList();
        }

        @Override
        void radio() {
            since = heals ? 0 : since;
        }

        @Override
        void pdu(String digits) {
            if (since != 0 && System.nanoTime() - since < 60_000_000_000L) {
                refuse(code);
                return;
            }
            super.pdu(digits);
            since = sent.size() == 2 ? System.nanoTime() : since;
        }

        @Override
        Optional<String> wrong(Seen seen) {
            var got = messages.stream().map(seen::status).toList();
            long failed = got.stream().filter("failed"::equals).count();
            long delivered = got.stream().filter("delivered"::equals).count();
            long people = sent.stream().map(Sent::recipient).distinct().count();
            return unless(
                    failed <= 3 && failed + delivered == 10 && people == sent.size(),
                    got + ", " + sent.size() + " hand-overs to " + people + ", wanted at most 3 failed, the rest once");
        }
    }
}
