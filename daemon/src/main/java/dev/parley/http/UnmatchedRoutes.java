package dev.parley.http;

import dev.parley.conversation.Page;
import dev.parley.link.Link;
import dev.parley.problem.Problem;
import dev.parley.queue.ParkedReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `/api/v1/links/{name}/unmatched`: status reports that belong to no text that we know.
record UnmatchedRoutes(List<Link> links, Services.Unmatched unmatched) {

    /// @param reference the `message_id`, or the TP-MR in decimal, as the report has it
    /// @param recipient as the network writes it
    /// @param fate `delivered`, `pending` or `failed`
    /// @param reason what the report says, in words; empty where `fate` says it all
    record UnmatchedView(
            String id,
            String link,
            Optional<String> reference,
            Optional<String> recipient,
            @OneOf({"delivered", "pending", "failed"}) String fate,
            String reason,
            Instant receivedAt) {
        static UnmatchedView of(ParkedReport report) {
            return new UnmatchedView(
                    Long.toString(report.id()),
                    report.link(),
                    report.reference(),
                    report.recipient(),
                    report.fate(),
                    report.reason(),
                    report.receivedAt());
        }
    }

    void addTo(Routes routes) {
        routes.group("Lines and links")
                .forAdmins()
                .get("/api/v1/links/{name}/unmatched", "listUnmatched")
                .says("The status reports that came by the link and match no text, newest first. One that comes before"
                        + " the answer to its own text leaves the list when that is there, any other after a day.")
                .pages(UnmatchedView.class, this::list);
    }

    private Page<UnmatchedView> list(Request request, Paging paging) {
        var link = request.variable("name");
        if (links.stream().noneMatch(known -> known.name().equals(link))) {
            throw new Refused(Problem.notFound());
        }
        return paging.page(
                unmatched.before(link, paging.before(), paging.toRead()), ParkedReport::id, UnmatchedView::of);
    }
}
