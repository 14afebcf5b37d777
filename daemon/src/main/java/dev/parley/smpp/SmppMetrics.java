package dev.parley.smpp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/// What the sessions of a link do. Labelled by link, session and the name of a status: all three
/// are as many as the configuration and the specification have. A status without a name is
/// `other`.
final class SmppMetrics {

    /// How a submit without a response is counted.
    static final String NO_RESPONSE = "none";

    private final MeterRegistry registry;
    private final String link;
    private final ConcurrentMap<String, Counter> counters = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Timer> timers = new ConcurrentHashMap<>();

    SmppMetrics(MeterRegistry registry, String link) {
        this.registry = registry;
        this.link = link;
    }

    /// Registers what is read when somebody looks, and the usual counters at zero, so that a
    /// dashboard sees no gap.
    void session(String session, Supplier<Number> bound, Supplier<Number> used, Supplier<Number> window) {
        gauge("parley.smpp.session.bound", "Whether the session is bound", session, bound);
        gauge("parley.smpp.window.used", "Submits that wait for their response", session, used);
        gauge("parley.smpp.window.size", "Submits that may wait for their response", session, window);
        submits(session);
        for (var usual :
                new CommandStatus[] {CommandStatus.ESME_ROK, CommandStatus.ESME_RTHROTTLED, CommandStatus.ESME_RMSGQFUL
                }) {
            responses(session, usual.name());
        }
        responses(session, NO_RESPONSE);
        answers(session, CommandStatus.ESME_ROK);
        answers(session, CommandStatus.ESME_RX_T_APPN);
        binds(session, "bound");
        binds(session, "refused");
        binds(session, "unreachable");
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

    /// Counts a `submit_sm_resp`.
    void responded(String session, int status, Duration latency) {
        submits(session).record(latency);
        responses(session, CommandStatus.of(status).map(CommandStatus::name).orElse("other"))
                .increment();
    }

    void unanswered(String session) {
        responses(session, NO_RESPONSE).increment();
    }

    /// Counts the answer to a `deliver_sm` or `data_sm`.
    void answered(String session, CommandStatus status) {
        answers(session, status).increment();
    }

    void bindEnded(String session, String how) {
        binds(session, how).increment();
    }

    private Timer submits(String session) {
        return timers.computeIfAbsent(
                session,
                _ -> Timer.builder("parley.smpp.submit")
                        .description("From the submit_sm to its response")
                        .tag("link", link)
                        .tag("session", session)
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofMillis(1))
                        .maximumExpectedValue(Duration.ofMinutes(1))
                        .register(registry));
    }

    private Counter responses(String session, String status) {
        return counter("parley.smpp.responses", "Responses to submit_sm by command_status", session, "status", status);
    }

    private Counter answers(String session, CommandStatus status) {
        return counter(
                "parley.smpp.answers",
                "Our answers to deliver_sm and data_sm by command_status",
                session,
                "status",
                status.name());
    }

    private Counter binds(String session, String how) {
        return counter("parley.smpp.binds", "Attempts to bind by how they ended", session, "result", how);
    }

    private Counter counter(String name, String description, String session, String tag, String value) {
        return counters.computeIfAbsent(
                name + '|' + session + '|' + value,
                _ -> Counter.builder(name)
                        .description(description)
                        .tag("link", link)
                        .tag("session", session)
                        .tag(tag, value)
                        .register(registry));
    }
}
