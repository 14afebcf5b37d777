package dev.parley.contact;

import dev.parley.person.Holding;
import dev.parley.person.Subject;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What contacts keep of a person. One that has another number too loses this one and is that number's from then on:
/// the person asks for each. One that has no other is nobody's any more.
public final class ContactPeople implements Holding {
    private final Contacts contacts;

    public ContactPeople(Contacts contacts) {
        this.contacts = contacts;
    }

    private static final String OF_NUMBER = """
            SELECT contact.id, contact.name, contact.primary_number, contact.secondary_number, contact.dnd,
                   contact.created_at, contact.deleted_at, account.name AS user
              FROM contact LEFT JOIN account ON account.id = contact.assigned_to
             WHERE contact.primary_number = ? OR contact.secondary_number = ?
             ORDER BY contact.id
            """;

    @Override
    public List<Section> sections() {
        return List.of(new Section(
                "contacts",
                (connection, number, _) -> Page.all(Sql.list(
                        connection,
                        OF_NUMBER,
                        row -> Holding.item(
                                "id", Long.toString(row.getLong("id")),
                                "name", row.getString("name"),
                                "primaryNumber", row.getString("primary_number"),
                                "secondaryNumber", Sql.maybeText(row, "secondary_number"),
                                "assignedTo", Sql.maybeText(row, "user"),
                                "dnd", row.getBoolean("dnd"),
                                "createdAt", Times.instant(row, "created_at"),
                                "deletedAt", Times.maybe(row, "deleted_at")),
                        number,
                        number))));
    }

    @Override
    public Subject begin(Tx tx, Subject subject) {
        var names = new HashSet<String>();
        var gone = new HashSet<Long>();
        for (var before : contacts.owning(tx, subject.number())) {
            var other = before.primaryNumber().equals(subject.number())
                    ? before.secondaryNumber()
                    : Optional.of(before.primaryNumber());
            names.add(before.name());
            if (other.isEmpty()) {
                gone.add(before.id());
            }
            var after = new Contact(
                    before.id(),
                    other.isPresent() ? before.name() : Subject.NAME,
                    other.orElse(subject.pseudonym()),
                    Optional.empty(),
                    before.assignedTo(),
                    before.dnd(),
                    before.deleted() || other.isEmpty());
            contacts.update(tx, Optional.empty(), new Contacts.Changed(before, after));
        }
        Numbers.forgetShown();
        return subject.withContacts(gone, names)
                .withSpellings(Set.of(Numbers.display(subject.number(), contacts.country())));
    }

    /// Nothing is left after the beginning.
    @Override
    public boolean erase(Subject subject) {
        Numbers.forgetShown();
        return true;
    }
}
