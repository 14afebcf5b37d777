package dev.parley.smpp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// What the sessions of a link do. Labelled by link, session and the name of a status: all three
/// are as many as the configuration and the specification have. A status without a name is
/// `other`.
final class SmppMetrics {

    /// How a submit without a response is counted.
    static final String NO_RESPONSE = "none";

    private final MeterRegistry registry;
    private final String link;

    SmppMetrics(MeterRegistry registry, String link) {
        this.registry = registry;
        this.link = link;
    }

    /// What one place for a session does, whichever session holds it. Looks nothing up where
    /// something is counted.
    final class OfSession {
        private final String session;
        private final Timer submits;
        private final Map<Optional<CommandStatus>, Counter> responses = new ConcurrentHashMap<>();
        private final Map<CommandStatus, Counter> answers = new ConcurrentHashMap<>();
        private final Counter unanswered;

        private OfSession(String session) {
            this.session = session;
            this.submits = Timer.builder("parley.smpp.submit")
                    .description("From the submit_sm to its response")
                    .tag("link", link)
                    .tag("session", session)
                    .publishPercentileHistogram()
                    .minimumExpectedValue(Duration.ofMillis(1))
                    .maximumExpectedValue(Duration.ofMinutes(1))
                    .register(registry);
            for (var usual :
                    List.of(CommandStatus.ESME_ROK, CommandStatus.ESME_RTHROTTLED, CommandStatus.ESME_RMSGQFUL)) {
                responses.put(Optional.of(usual), responses(usual.name()));
            }
            this.unanswered = responses(NO_RESPONSE);
            answers.put(CommandStatus.ESME_ROK, answers(CommandStatus.ESME_ROK));
            answers.put(CommandStatus.ESME_RX_T_APPN, answers(CommandStatus.ESME_RX_T_APPN));
            binds("bound");
            binds("refused");
            binds("unreachable");
        }

        /// Counts a `submit_sm_resp`.
        void responded(int status, Duration latency) {
            submits.record(latency);
            responses
                    .computeIfAbsent(
                            CommandStatus.of(status),
                            known -> responses(known.map(CommandStatus::name).orElse("other")))
                    .increment();
        }

        void unanswered() {
            unanswered.increment();
        }

        /// Counts the answer to a `deliver_sm` or `data_sm`.
        void answered(CommandStatus status) {
            answers.computeIfAbsent(status, this::answers).increment();
        }

        void bindEnded(String how) {
            binds(how).increment();
        }

        private Counter responses(String status) {
            return counter("parley.smpp.responses", "Responses to submit_sm by command_status", "status", status);
        }

        private Counter answers(CommandStatus status) {
            return counter(
                    "parley.smpp.answers",
                    "Our answers to deliver_sm and data_sm by command_status",
                    "status",
                    status.name());
        }

        private Counter binds(String how) {
            return counter("parley.smpp.binds", "Attempts to bind by how they ended", "result", how);
        }

        private Counter counter(String name, String description, String tag, String value) {
            return Counter.builder(name)
                    .description(description)
                    .tag("link", link)
                    .tag("session", session)
                    .tag(tag, value)
                    .register(registry);
        }
    }

    /// Registers what is read when somebody looks, and the usual counters at zero, so that a
    /// dashboard sees no gap.
    OfSession session(String session, Supplier<Number> bound, Supplier<Number> used, Supplier<Number> window) {
        gauge("parley.smpp.session.bound", "Whether the session is bound", session, bound);
        gauge("parley.smpp.window.used", "Submits that wait for their response", session, used);
        gauge("parley.smpp.window.size", "Submits that may wait for their response", session, window);
        return new OfSession(session);
    }

    void rate(Supplier<Number> perSecond) {
        Gauge.builder("parley.smpp.rate", perSecond)
                .description("Submits a second that the link allows itself now; +Inf without a limit")
                .tag("link", link)
                .register(registry);
    }

    /// Registers what a crash now would leave in doubt.
    void inDoubt(Supplier<Number> messages) {
        Gauge.builder("parley.smpp.acknowledgements.unproved", messages)
                .description("Messages whose acknowledgement the SMSC has not provably read yet")
                .tag("link", link)
                .register(registry);
    }

    private void gauge(String name, String description, String session, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .tag("link", link)
                .tag("session", session)
                .register(registry);
    }
}
