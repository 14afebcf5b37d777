package dev.parley.http;

import dev.parley.contact.Numbers;
import dev.parley.person.Erasure;
import dev.parley.person.People;
import dev.parley.problem.Outcome;
import java.time.Instant;
import java.util.Optional;

/// `/api/v1/people`: what is kept about a number, and its end. The number stands in the body, so that no log of
/// addresses has it.
///
/// @param country how numbers without `+` are read
record PeopleRoutes(People people, String country) {
    private static final String PATH = "/api/v1/people";

    record NumberBody(String number) {}

    /// @param state `running` while something is left: what a link has at this moment, or very much
    record ErasureView(
            String id, @OneOf({"running", "done"}) String state, Instant askedAt, Optional<Instant> doneAt) {
        static ErasureView of(Erasure erasure) {
            return new ErasureView(
                    Long.toString(erasure.id()),
                    erasure.doneAt().isPresent() ? "done" : "running",
                    erasure.askedAt(),
                    erasure.doneAt());
        }
    }

    void addTo(Routes routes) {
        var group = routes.group("People").forAdmins();
        group.post(PATH + "/export", "exportPerson")
                .says("All that is kept about a number, as one JSON object with a list for each kind: contacts,"
                        + " conversations, messages, deliveries, parts, raw PDUs, opt-outs and more.")
                .audited()
                .apart()
                .answers(200, new Shape.Plain("application/json"))
                .takes(NumberBody.class)
                .by(this::export);
        group.post(PATH + "/erase", "erasePerson")
                .says("Erases what is kept about a number: the contact, its texts and their copies, raw PDUs, its place"
                        + " in conversations. Opt-outs stay as a hash and still count. Nothing brings it back.")
                .audited()
                .apart()
                .takes(NumberBody.class)
                .answers(ErasureView.class, this::erase);
        group.get(PATH + "/erasures/{id}", "getErasure")
                .says("How far an erasure is. Of whom it was is not kept.")
                .answers(
                        ErasureView.class,
                        request -> Outcome.found(people.byId(request.id())).map(ErasureView::of));
    }

    private Response export(Request request, NumberBody body) {
        var number = number(body);
        return Response.stream("application/json", out -> people.<Outlet.Gone>export(number, out::write))
                .with("Content-Disposition", "attachment; filename=\"person.json\"");
    }

    private Outcome<ErasureView> erase(Request request, NumberBody body) throws InterruptedException {
        return Outcome.done(ErasureView.of(
                people.erase(number(body), Optional.of(request.user().id()))));
    }

    private String number(NumberBody body) {
        return switch (Numbers.parse(body.number(), country)) {
            case Numbers.Parsed.E164(var number) -> number;
            case Numbers.Parsed.ShortCode(var digits) -> throw bad(digits + " is a short code, and no person's.");
            case Numbers.Parsed.Alphanumeric(var sender) -> throw bad(sender + " is a name, not a number.");
            case Numbers.Parsed.Bad bad -> throw bad(bad.sentence());
        };
    }

    private static Refused bad(String sentence) {
        return new Refused(Problems.badField("number", "bad-number", sentence));
    }
}
