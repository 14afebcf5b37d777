package dev.parley.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.contact.Numbers;
import dev.parley.conversation.Page;
import dev.parley.conversation.Traffic;
import dev.parley.line.Line;
import dev.parley.line.LinkView;
import dev.parley.link.Console;
import dev.parley.link.Link;
import dev.parley.link.Storage;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.queue.Backlog;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// `/api/v1/lines` and `/api/v1/links`: what the configuration has, and how it is doing.
record LineRoutes(Services services, Backlog backlog) {

    /// A business number.
    ///
    /// @param display the number as people write it there
    /// @param country ISO 3166-1: how national numbers are read on this line
    record LineView(String id, String number, String display, String name, String country, List<LineLink> links) {}

    /// @param weight its share of the line's texts; null for one that takes them by its place in the
    /// order
    record LineLink(String name, String kind, String state, Optional<Integer> weight) {}

    void addTo(Routes routes) {
        var group = routes.group("Lines and links");
        group.get("/api/v1/lines", "listLines")
                .says("The lines that you may see, in the order of the configuration.")
                .pages(LineView.class, this::listLines);
        group.get("/api/v1/links", "listLinks")
                .says("The links of the lines that you may see.")
                .pages(LinkFiguresView.class, this::listLinks);
        var admins = group.forAdmins();
        action(admins, "pause", "Stops handing over; receiving goes on.", Link::pause);
        action(admins, "resume", "Goes on after a pause.", Link::resume);
        action(admins, "restart", "Drops the connection and begins anew.", Link::restart);
        admins.post("/api/v1/links/{name}/ussd", "askUssd")
                .audited()
                .says("Asks the network by a USSD code, such as a prepaid SIM's balance. Modems alone can.")
                .apart()
                .takes(UssdBody.class)
                .answers(UssdView.class, this::askUssd);
        admins.post("/api/v1/links/{name}/at", "runAtCommand")
                .audited()
                .says("Runs one AT command on a modem, between those of the daemon, and answers with what the modem"
                        + " says. Only commands that ask are run, unless `unsafe` is true; after such a one the modem"
                        + " is set up anew.")
                .apart()
                .takes(AtBody.class)
                .answers(AtView.class, this::runAt);
    }

    /// @param command one line, such as `AT+CSQ`
    /// @param unsafe whether to run what may lose messages, cost money or change a setting; false if
    /// absent
    record AtBody(String command, Optional<Boolean> unsafe) {}

    /// @param lines what came, the final result last
    record AtView(List<String> lines) {}

    private Outcome<AtView> runAt(Request request, AtBody body) throws InterruptedException {
        var line = body.command().strip();
        if (!line.matches(Console.COMMAND_LINE)) {
            throw new Refused(Problem.invalid(
                    "command",
                    "invalid-command",
                    "A command is one line of at most 200 characters that begins with AT."));
        }
        var console = console(request, "Only a modem takes AT commands.");
        if (console.isLong(line)) {
            throw new Refused(Problem.invalid(
                    "command",
                    "long-command",
                    "This keeps the modem busy for minutes; stop the daemon and run it in parley modem console."));
        }
        var danger = console.danger(line);
        if (danger.isPresent() && !body.unsafe().orElse(false)) {
            throw new Refused(Problem.invalid("command", "unsafe-command", danger.get()));
        }
        return switch (console.command(line)) {
            case Console.Answer.Told(var lines) -> Outcome.done(new AtView(lines));
            case Console.Answer.Refused(var why) -> throw new Refused(Problem.conflict("command-refused", why));
        };
    }

    /// @param code digits, `*`, `#` and `+`, such as `*100#`
    record UssdBody(String code) {}

    /// @param text as the network wrote it
    record UssdView(String text) {}

    private Outcome<UssdView> askUssd(Request request, UssdBody body) throws InterruptedException {
        if (!body.code().matches(Console.USSD_CODE)) {
            throw new Refused(Problem.invalid(
                    "code", "invalid-code", "A USSD code is made of digits, *, # and +, such as *100#."));
        }
        return switch (console(request, "Only a modem can send a USSD code.").ussd(body.code())) {
            case Console.Answer.Told told -> Outcome.done(new UssdView(told.text()));
            case Console.Answer.Refused(var why) -> throw new Refused(Problem.conflict("ussd-refused", why));
        };
    }

    private Console console(Request request, String without) {
        return link(request).console().orElseThrow(() -> new Refused(Problem.conflict("not-a-modem", without)));
    }

    private Link link(Request request) {
        return services.links().stream()
                .filter(known -> known.name().equals(request.variable("name")))
                .findFirst()
                .orElseThrow(() -> new Refused(Problem.notFound()));
    }

    private void action(Routes.Group group, String name, String says, Consumer<Link> action) {
        group.post("/api/v1/links/{name}/" + name, name + "Link")
                .audited()
                .says(says)
                .apart()
                .answers(LinkView.class, request -> {
                    var link = link(request);
                    action.accept(link);
                    return Outcome.done(view(link));
                });
    }

    private Page<LineView> listLines(Request request, Paging paging) {
        var access = Access.of(request.user());
        return paging.slice(services.lines().all().stream()
                .filter(line -> access.maySeeLine(line.id()))
                .map(this::view)
                .toList());
    }

    private Page<LinkFiguresView> listLinks(Request request, Paging paging) {
        var visible = services.links().stream()
                .filter(link -> maySee(request.user(), link))
                .toList();
        var waiting = backlog.of(visible.stream()
                .flatMap(link -> services.lines().byLink(link.name()).stream())
                .map(Line::id)
                .distinct()
                .toList());
        var traffic = services.conversations().traffic();
        var sent = traffic.sentLastHour();
        var errors = traffic.lastErrors();
        return paging.slice(visible.stream()
                .map(link -> new LinkFiguresView(
                        view(link),
                        services.heldLeases().test(link.name()) ? "held" : "lost",
                        services.lines()
                                .byLink(link.name())
                                .map(line -> waiting.getOrDefault(line.id(), 0))
                                .orElse(0),
                        sent.getOrDefault(link.name(), 0),
                        errors.getOrDefault(link.name(), List.of()),
                        link.storage()))
                .toList());
    }

    /// A link with what it did lately.
    ///
    /// @param lease `held` by this process, or `lost`: another one drives the link, or nobody does
    /// @param queued parts of its line that wait, up to [Backlog#MAX]
    /// @param sentLastHour texts
    /// @param errors the last five deliveries that failed on it, newest first
    /// @param storage of a modem
    record LinkFiguresView(
            @JsonUnwrapped LinkView link,
            @OneOf({"held", "lost"}) String lease,
            int queued,
            int sentLastHour,
            List<Traffic.LinkError> errors,
            Optional<Storage> storage) {}

    private boolean maySee(Account user, Link link) {
        return services.lines()
                .byLink(link.name())
                .map(line -> Access.of(user).maySeeLine(line.id()))
                .orElse(user.isAdmin());
    }

    private LineView view(Line line) {
        return new LineView(
                Long.toString(line.id()),
                line.number(),
                Numbers.display(line.number(), line.country()),
                line.name(),
                line.country(),
                line.links().stream()
                        .flatMap(name -> services.links().stream()
                                .filter(link -> link.name().equals(name)))
                        .map(link -> new LineLink(
                                link.name(),
                                link.kind().label(),
                                link.status().state().label(),
                                Optional.ofNullable(line.weights().get(link.name()))))
                        .toList());
    }

    private LinkView view(Link link) {
        return LinkView.of(
                link.name(),
                link.kind(),
                services.lines().byLink(link.name()),
                link.status(),
                services.openCircuits().test(link.name()));
    }
}
