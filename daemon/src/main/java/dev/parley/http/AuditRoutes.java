package dev.parley.http;

import dev.parley.audit.AuditEntry;
import dev.parley.audit.AuditLog;
import dev.parley.conversation.Page;
import dev.parley.http.Route.Parameter.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;

/// `/api/v1/audit`: who did what, from where; for admins.
record AuditRoutes(AuditLog log) {
    private static final String PATH = "/api/v1/audit";

    private static final TypeReference<Map<String, Object>> DETAIL = new TypeReference<>() {};

    /// One thing that somebody did, or was refused.
    ///
    /// @param user the id of who did it; null where nobody is known
    /// @param userName as it was then; what a sign-in claimed that failed
    /// @param action the `operationId` of the request, or `command:` and a command of the command line
    /// @param target the path of the request, or of what came of it
    /// @param outcome `done` and `refused` are committed with what they tell of; what is no transaction
    /// of ours, such as a command to a modem, is `begun` before it is done, and another entry says how
    /// it ended
    /// @param from an address, or `command line`
    /// @param detail what was asked for, without secrets and texts
    record EntryView(
            String id,
            Instant at,
            Optional<String> user,
            String userName,
            String action,
            String target,
            @OneOf({"begun", "done", "refused"}) String outcome,
            String from,
            Map<String, Object> detail) {
        static EntryView of(AuditEntry entry) {
            var note = entry.note();
            return new EntryView(
                    Long.toString(entry.id()),
                    entry.at(),
                    note.user().map(id -> Long.toString(id)),
                    note.userName(),
                    note.action(),
                    note.target(),
                    note.outcome().label(),
                    note.from(),
                    Json.mapper().readValue(note.detail(), DETAIL));
        }
    }

    void addTo(Routes routes) {
        var group = routes.group("Audit").forAdmins();
        group.get(PATH, "listAudit")
                .says(
                        "Who did what, from where: sign-ins, users, tokens, sessions, webhooks, imports and exports, Do Not"
                                + " Disturb, opt-out decisions, moves, consoles. Newest first; kept for retention.audit.")
                .parameter("action", Kind.TEXT, "Only this operation.")
                .parameter("user", Kind.TEXT, "Only what the user with this id did.")
                .pages(EntryView.class, this::list);
        group.get(PATH + "/export", "exportAudit")
                .says("All of it as JSON lines, newest first: one entry a line.")
                .audited()
                .answers(200, new Shape.Plain("application/jsonl"))
                .by(this::export);
    }

    private Page<EntryView> list(Request request, Paging paging) {
        var user = request.parameter("user").map(id -> Ids.parse(id).orElse(-1L));
        return paging.page(
                log.list(request.parameter("action"), user, paging.before(), paging.toRead()),
                AuditEntry::id,
                EntryView::of);
    }

    private List<AuditEntry> page(long before) {
        return log.list(Optional.empty(), Optional.empty(), before, Paging.MAX);
    }

    private Response export(Request request) {
        return Response.stream("application/jsonl; charset=utf-8", out -> {
                    for (var page = page(Long.MAX_VALUE);
                            !page.isEmpty();
                            page = page(page.getLast().id())) {
                        out.write(page.stream()
                                .map(entry -> Json.mapper().writeValueAsString(EntryView.of(entry)) + "\n")
                                .collect(Collectors.joining()));
                    }
                })
                .with("Content-Disposition", "attachment; filename=\"audit.jsonl\"");
    }
}
