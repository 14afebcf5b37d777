package dev.parley.smpp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
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

    private final MeterRegistry registry;
    private final Tags tags;

    SmppMetrics(MeterRegistry registry, String link) {
        this.registry = registry;
        this.tags = Tags.of("link", link);
    }

    /// @param perSecond submits a second that the link allows itself
    void rate(Supplier<Number> perSecond) {
        gauge(
                "parley.smpp.rate",
                "Submits a second that the link allows itself now; +Inf without a limit",
                tags,
                perSecond);
    }

    /// @param messages what a crash now would leave in doubt
    void inDoubt(Supplier<Number> messages) {
        gauge(
                "parley.smpp.acknowledgements.unproved",
                "Messages whose acknowledgement the SMSC has not provably read yet",
                tags,
                messages);
    }

    private void gauge(String name, String description, Tags of, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).tags(of).register(registry);
    }

    /// What one place for a session does, whichever session holds it. Looks nothing up where
    /// something is counted. The usual counters are there at zero, so that a dashboard sees no gap.
    final class OfSession {
        private final Tags tags;
        private final Timer submits;
        private final Map<Optional<CommandStatus>, Counter> responses = new ConcurrentHashMap<>();
        private final Map<CommandStatus, Counter> answers = new ConcurrentHashMap<>();
        private final Counter unanswered;

        OfSession(String session) {
            this.tags = SmppMetrics.this.tags.and("session", session);
            this.submits = Timer.builder("parley.smpp.submit")
                    .description("From the submit_sm to its response")
                    .tags(tags)
                    .publishPercentileHistogram()
                    .minimumExpectedValue(Duration.ofMillis(1))
                    .maximumExpectedValue(Duration.ofMinutes(1))
                    .register(registry);
            for (var usual :
                    List.of(CommandStatus.ESME_ROK, CommandStatus.ESME_RTHROTTLED, CommandStatus.ESME_RMSGQFUL)) {
                responses.put(Optional.of(usual), responses(usual.name()));
            }
            this.unanswered = responses("none");
            for (var usual : List.of(CommandStatus.ESME_ROK, CommandStatus.ESME_RX_T_APPN)) {
                answers.put(usual, answers(usual));
            }
            List.of("bound", "refused", "unreachable").forEach(this::binds);
        }

        /// Registers what is read when somebody looks.
        void watch(Supplier<Number> bound, Supplier<Number> used, int window) {
            gauge("parley.smpp.session.bound", "Whether the session is bound", tags, bound);
            gauge("parley.smpp.window.used", "Submits that wait for their response", tags, used);
            gauge("parley.smpp.window.size", "Submits that may wait for their response", tags, () -> window);
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
                    .tags(tags)
                    .tag(tag, value)
                    .register(registry);
        }
    }
}
