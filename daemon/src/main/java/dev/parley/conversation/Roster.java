package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.contact.Contact;
import dev.parley.contact.Contacts;
import dev.parley.contact.Numbers;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.problem.Problem;
import dev.parley.store.Memory;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Finds out who the people of a new conversation are, with all that is wrong with them.
public final class Roster {
    private static final int NAME_MAX = 100;

    private final Contacts contacts;
    private final Lines lines;
    private final Memory<String, List<Contact>> owners;

    Roster(Store store, Contacts contacts, Lines lines) {
        this.contacts = contacts;
        this.lines = lines;
        this.owners = new Memory<>(store, ConversationStore.NUMBERS_MAX, this::load);
    }

    /// A contact is being changed, which had and has these numbers.
    void changed(Tx tx, Collection<String> numbers) {
        numbers.forEach(number -> owners.forget(tx, number));
    }

    private List<Contact> owners(Tx tx, String number) {
        return owners.get(tx, List.of(number)).getOrDefault(number, List.of());
    }

    private Map<String, List<Contact>> load(Tx tx, List<String> numbers) {
        var found = contacts.byNumbers(tx.connection(), numbers);
        return numbers.stream()
                .collect(Collectors.toMap(Function.identity(), number -> found.getOrDefault(number, List.of())));
    }

    /// What came of checking.
    ///
    /// @param people in the order of the request, without those that something is wrong with
    /// @param places where each of them stands in the request
    /// @param assigned whether one of them is assigned to the user
    record Checked(
            List<ConversationStore.Draft> people,
            List<Integer> places,
            List<Problem.Reason> reasons,
            boolean assigned) {
        Optional<Problem> problem() {
            return Problem.of(reasons);
        }

        /// What stands against these people, each with the field of the request that it is about.
        List<Problem.Reason> against(BiFunction<ConversationStore.Draft, String, Optional<Problem.Reason>> reason) {
            return IntStream.range(0, people.size())
                    .mapToObj(i -> reason.apply(people.get(i), "participants[" + places.get(i) + "]"))
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    /// Where the answers come from.
    ///
    /// @param owners of a number
    private record Source(Supplier<Connection> connection, Function<String, List<Contact>> owners) {}

    Checked check(Tx tx, Account actor, List<NewParticipant> wanted, String country) {
        // All of them at once, into memory.
        owners.get(
                tx,
                wanted.stream()
                        .flatMap(each -> each instanceof NewParticipant.OfNumber(var number, var _)
                                        && Numbers.parse(number, country) instanceof Numbers.Parsed.E164(var e164)
                                ? Stream.of(e164)
                                : Stream.empty())
                        .toList());
        return check(new Source(tx::connection, number -> owners(tx, number)), actor, wanted, country);
    }

    /// The same for who only asks.
    Checked check(Connection connection, Account actor, List<NewParticipant> wanted, String country) {
        return check(
                new Source(() -> connection, number -> contacts.byNumber(connection, number)), actor, wanted, country);
    }

    private Checked check(Source source, Account actor, List<NewParticipant> wanted, String country) {
        var people = new ArrayList<ConversationStore.Draft>();
        var reasons = new ArrayList<Problem.Reason>();
        var kept = new ArrayList<Integer>();
        Map<String, Integer> places = new HashMap<>();
        boolean assigned = false;
        for (int i = 0; i < wanted.size(); i++) {
            var at = "participants[" + i + "]";
            var found = switch (wanted.get(i)) {
                case NewParticipant.OfContact contact -> ofContact(source, actor, contact, at, reasons);
                case NewParticipant.OfNumber number -> ofNumber(source, actor, number, country, at, reasons);
                case NewParticipant.Faulty(var field, var code, var detail) -> none(reasons, at + field, code, detail);
            };
            if (found.isEmpty()) {
                continue;
            }
            var person = found.get().draft();
            var field = at + found.get().field();
            var ours = lines.byNumber(person.number()).map(Line::name);
            var first = places.putIfAbsent(person.number(), i);
            if (ours.isPresent()) {
                reasons.add(new Problem.Reason(
                        field,
                        "own-number",
                        person.number() + " is the number of the line " + ours.get()
                                + "; a line cannot be a participant."));
            } else if (first != null) {
                reasons.add(new Problem.Reason(
                        field,
                        "duplicate-number",
                        person.number() + " is there already, as participants[" + first + "]."));
            } else {
                people.add(person);
                kept.add(i);
                assigned |=
                        found.get().assignedTo().filter(id -> id == actor.id()).isPresent();
            }
        }
        return new Checked(people, kept, reasons, assigned);
    }

    /// @param field the member of the participant that gave the number
    private record Found(ConversationStore.Draft draft, Optional<Long> assignedTo, String field) {}

    private Optional<Found> ofContact(
            Source source, Account actor, NewParticipant.OfContact wanted, String at, List<Problem.Reason> reasons) {
        var contact = contacts.visible(source.connection().get(), actor, wanted.contact());
        if (contact.isEmpty()) {
            return none(reasons, at + ".contact", "unknown-contact", "There is no contact " + wanted.contact() + ".");
        }
        var person = contact.get();
        if (person.deleted()) {
            return none(
                    reasons,
                    at + ".contact",
                    "contact-deleted",
                    person.name() + " is deleted; use the number instead.");
        }
        var number = wanted.secondary() ? person.secondaryNumber() : Optional.of(person.primaryNumber());
        if (number.isEmpty()) {
            return none(
                    reasons,
                    at + ".use",
                    "no-secondary-number",
                    person.name() + " has no secondary number; use primary.");
        }
        return Optional.of(new Found(
                of(person, person.name(), number.get()),
                person.assignedTo(),
                wanted.secondary() ? ".use" : ".contact"));
    }

    /// Nobody, and why.
    private static Optional<Found> none(List<Problem.Reason> reasons, String field, String code, String detail) {
        reasons.add(new Problem.Reason(field, code, detail));
        return Optional.empty();
    }

    private static ConversationStore.Draft of(Contact contact, String name, String number) {
        return new ConversationStore.Draft(
                number, name, Optional.of(contact.id()), Optional.of(Participant.Snapshot.of(contact)));
    }

    private Optional<Found> ofNumber(
            Source source,
            Account actor,
            NewParticipant.OfNumber wanted,
            String country,
            String at,
            List<Problem.Reason> reasons) {
        var field = at + ".number";
        var name = wanted.name().flatMap(Texts::title).orElse("");
        if (name.codePointCount(0, name.length()) > NAME_MAX || Texts.isBroken(name)) {
            return none(
                    reasons,
                    at + ".name",
                    "bad-name",
                    "A name has at most " + NAME_MAX + " characters, none of them broken.");
        }
        return switch (Numbers.parse(wanted.number(), country)) {
            case Numbers.Parsed.E164(var number) -> Optional.of(linked(source, actor, number, name));
            case Numbers.Parsed.ShortCode(var digits) ->
                none(
                        reasons,
                        field,
                        "short-code",
                        digits + " is a short code and cannot be a participant; expected a whole number.");
            case Numbers.Parsed.Alphanumeric(var sender) ->
                none(reasons, field, "alphanumeric", sender + " is a name, not a number; nobody can text it.");
            case Numbers.Parsed.Bad bad -> none(reasons, field, "bad-number", bad.sentence());
        };
    }

    /// A number that belongs to a contact is linked to it. A name that was given is kept; the contact's
    /// own is taken only if this user may see it.
    private Found linked(Source source, Account actor, String number, String name) {
        var owners = source.owners().apply(number);
        var access = Access.of(actor);
        var seen = owners.stream()
                .filter(each -> access.maySeeContact(each.assignedTo()))
                .findFirst();
        var draft = seen.or(() -> owners.stream().findFirst())
                .map(owner -> of(owner, name.isEmpty() && seen.isPresent() ? owner.name() : name, number))
                .orElseGet(() -> new ConversationStore.Draft(number, name, Optional.empty(), Optional.empty()));
        return new Found(draft, seen.flatMap(Contact::assignedTo), ".number");
    }

    /// Somebody whom a direct conversation is opened with from outside, or by a plain text: the contact
    /// that owns the number, if one does.
    public ConversationStore.Draft known(Tx tx, String number) {
        return owners(tx, number).stream()
                .findFirst()
                .map(each -> of(each, each.name(), number))
                .orElseGet(() -> ConversationStore.Draft.bare(number));
    }
}
