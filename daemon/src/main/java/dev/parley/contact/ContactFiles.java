package dev.parley.contact;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.account.Accounts;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Contacts from and to CSV. An import does every row or none: it judges all of them first, and
/// writes only if none is faulty. What was exported can be imported again and changes nothing.
public final class ContactFiles {

    /// The columns, as an export has them.
    public static final String HEADING = "id,name,primaryNumber,secondaryNumber,assignedTo,dnd";

    private static final List<String> COLUMNS = Arrays.asList(HEADING.split(",", -1));

    /// Rows of one import: they are written in one transaction, which others wait for.
    public static final int ROWS_MAX = 5_000;

    private static final Set<String> YES = Set.of("true", "yes", "1", "x");
    private static final Set<String> NO = Set.of("false", "no", "0", "");

    private final Store store;
    private final Contacts contacts;
    private final Accounts accounts;

    public ContactFiles(Store store, Contacts contacts, Accounts accounts) {
        this.store = store;
        this.contacts = contacts;
        this.accounts = accounts;
    }

    /// What an import did, or would do.
    ///
    /// @param rows how many there are
    public record Report(boolean dryRun, int rows, int created, int changed, int faulty, List<RowReport> items) {}

    /// What became of a row.
    ///
    /// @param row as a spreadsheet counts, the heading being row 1
    /// @param outcome `created`, `changed`, `unchanged` or `faulty`
    /// @param contact its id, where there is one
    /// @param field the column at fault
    public record RowReport(
            int row,
            String outcome,
            Optional<String> contact,
            Optional<String> field,
            Optional<String> code,
            Optional<String> detail) {
        private static RowReport of(int row, String outcome, Optional<Long> contact, Optional<Problem> fault) {
            return new RowReport(
                    row,
                    outcome,
                    contact.map(String::valueOf),
                    fault.flatMap(Problem::field),
                    fault.map(Problem::code),
                    fault.map(Problem::detail));
        }
    }

    /// A row that can be done.
    ///
    /// @param outcome as in its report
    /// @param contact the id of the one that is changed
    private record Step(String outcome, Optional<Long> contact, Supplier<Contact> doing) {}

    /// Rows as an export has them, without the heading.
    public String rows(List<Contact> page) {
        var csv = new StringBuilder();
        for (var contact : contacts.views(page)) {
            var assignedTo =
                    contact.assignedTo().map(ContactView.Assignee::name).orElse("");
            csv.append(String.join(
                            ",",
                            contact.id(),
                            Csv.written(contact.name()),
                            contact.primaryNumber(),
                            contact.secondaryNumber().orElse(""),
                            Csv.written(assignedTo),
                            Boolean.toString(contact.dnd())))
                    .append("\r\n");
        }
        return csv.toString();
    }

    /// Reads the file now. What is returned does what the rows say, as part of whatever transaction it is called in.
    ///
    /// @param dryRun report only
    public Supplier<Outcome<Report>> loading(Account actor, byte[] file, boolean dryRun) {
        var table = table(file);
        return () -> table.then(rows -> store.transaction(tx -> load(tx, actor, rows, dryRun)));
    }

    /// A file without its heading.
    ///
    /// @param columns where each stands
    private record Table(List<Csv.Row> rows, Map<String, Integer> columns) {}

    private static Outcome<Table> table(byte[] file) {
        var csv = Csv.text(file);
        if (csv.isEmpty()) {
            return refused(400, "bad-utf-8", "The file is in no encoding that can be told; save it as CSV UTF-8.");
        }
        List<Csv.Row> rows;
        try {
            rows = Csv.read(csv.get(), ROWS_MAX + 1); // with the heading
        } catch (Csv.Malformed e) {
            return refused(400, "bad-csv", "Row " + e.row + ": " + e.getMessage() + ".");
        }
        if (rows.isEmpty()) {
            return refused(400, "bad-csv", "The file is empty; expected the heading " + HEADING + ".");
        }
        var columns = new HashMap<String, Integer>();
        var heading = rows.getFirst().cells();
        for (int i = 0; i < heading.size(); i++) {
            if (heading.get(i).isBlank()) {
                continue; // a column that nothing may stand in
            }
            var name = column(heading.get(i));
            if (name.isEmpty() || columns.put(name.get(), i) != null) {
                return refused(
                        422,
                        "bad-heading",
                        "The column \"" + heading.get(i).strip() + "\" is unknown or there twice; known are " + HEADING
                                + ".");
            }
        }
        for (var needed : List.of("name", "primaryNumber")) {
            if (!columns.containsKey(needed)) {
                return refused(422, "bad-heading", "The column " + needed + " is missing.");
            }
        }
        return rows.size() - 1 > ROWS_MAX
                ? refused(
                        422,
                        "too-many-rows",
                        "The file has more contacts than the " + ROWS_MAX + " that are taken at once. Split it.")
                : Outcome.done(new Table(rows.subList(1, rows.size()), columns));
    }

    private static Outcome<Table> refused(int status, String code, String detail) {
        return Outcome.refused(new Problem(status, code, detail, Optional.of("body")));
    }

    private static Optional<String> column(String heading) {
        var wanted = heading.strip().replace(" ", "").replace("_", "").toLowerCase(Locale.ROOT);
        return COLUMNS.stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).equals(wanted))
                .findFirst();
    }

    /// `1.20256E+10`: what a spreadsheet shows of a number that is too long for it.
    private static final Pattern ROUNDED = Pattern.compile("[0-9]+[.,]?[0-9]*[eE]\\+?[0-9]+");

    private static final int SHOWN_MAX = 40;

    private static String beginning(String cell) {
        return cell.codePointCount(0, cell.length()) <= SHOWN_MAX
                ? cell
                : cell.substring(0, cell.offsetByCodePoints(0, SHOWN_MAX)) + "…";
    }

    private Outcome<Report> load(Tx tx, Account actor, Table table, boolean dryRun) {
        var before = new HashSet<String>();
        var steps = new TreeMap<Integer, Step>();
        var faults = new TreeMap<Integer, Problem>();
        for (var row : table.rows) {
            switch (step(tx, actor, row, table.columns, before)) {
                case Outcome.Done<Step>(var step) -> steps.put(row.number(), step);
                case Outcome.Refused<Step>(var problem) -> faults.put(row.number(), problem);
            }
        }
        if (!faults.isEmpty() && !dryRun) {
            return Outcome.refused(refusal(table.rows.size(), faults));
        }
        var reports = new ArrayList<RowReport>();
        steps.forEach((row, step) -> reports.add(RowReport.of(
                row,
                step.outcome,
                dryRun ? step.contact : Optional.of(step.doing.get().id()),
                Optional.empty())));
        faults.forEach((row, fault) -> reports.add(RowReport.of(row, "faulty", Optional.empty(), Optional.of(fault))));
        reports.sort(Comparator.comparingInt(RowReport::row));
        return Outcome.done(new Report(
                dryRun,
                table.rows.size(),
                count(reports, "created"),
                count(reports, "changed"),
                faults.size(),
                List.copyOf(reports)));
    }

    private static Problem refusal(int rows, Map<Integer, Problem> faults) {
        var reasons = new ArrayList<Problem.Reason>();
        faults.forEach((row, fault) -> reasons.add(new Problem.Reason(
                "row " + row + fault.field().map(field -> "." + field).orElse(""), fault.code(), fault.detail())));
        return new Problem(
                422,
                "faulty-rows",
                faults.size() + " of " + rows + " rows are faulty, so none was imported. Correct them and send"
                        + " the file again.",
                Optional.of("body"),
                reasons);
    }

    private static int count(List<RowReport> reports, String outcome) {
        return (int) reports.stream()
                .filter(report -> report.outcome().equals(outcome))
                .count();
    }

    /// Judges a row.
    ///
    /// @param before the primary numbers of rows before that make a contact, and the ids of contacts that
    /// rows before change
    private Outcome<Step> step(Tx tx, Account actor, Csv.Row row, Map<String, Integer> columns, Set<String> before) {
        for (int i = 0; i < row.cells().size(); i++) {
            if (!row.cells().get(i).isBlank() && !columns.containsValue(i)) {
                return faulty(
                        "row",
                        "too-many-cells",
                        "Cell " + (i + 1) + " of this row has \""
                                + beginning(row.cells().get(i)) + "\" and no heading above it.");
            }
        }
        UnaryOperator<String> cell = name -> {
            int index = columns.getOrDefault(name, Integer.MAX_VALUE);
            return index < row.cells().size() ? row.cells().get(index).strip() : "";
        };
        var dnd = cell.apply("dnd").toLowerCase(Locale.ROOT);
        if (!YES.contains(dnd) && !NO.contains(dnd)) {
            return faulty("dnd", "bad-value", "dnd is " + dnd + ", expected true or false.");
        }
        var assignee = filled(cell.apply("assignedTo"));
        var assignedTo =
                assignee.flatMap(name -> accounts.byName(tx.connection(), name)).map(Account::id);
        if (assignee.isPresent() && assignedTo.isEmpty()) {
            return faulty("assignedTo", "unknown-user", "There is no user with the name " + assignee.get() + ".");
        }
        for (var column : List.of("primaryNumber", "secondaryNumber")) {
            if (ROUNDED.matcher(cell.apply(column)).matches()) {
                return faulty(
                        column,
                        "rounded-number",
                        "A spreadsheet has rounded this number to " + cell.apply(column)
                                + "; format the column as text and enter the number again.");
            }
        }
        var wanted = new NewContact(
                cell.apply("name"),
                cell.apply("primaryNumber"),
                filled(cell.apply("secondaryNumber")),
                assignedTo,
                YES.contains(dnd));
        return cell.apply("id").isEmpty()
                ? creation(tx, actor, wanted, before)
                : change(tx, actor, cell.apply("id"), wanted, columns.keySet(), before);
    }

    private static Optional<String> filled(String cell) {
        return Optional.of(cell).filter(text -> !text.isEmpty());
    }

    private static Outcome<Step> faulty(String field, String code, String detail) {
        return Outcome.refused(Problem.invalid(field, code, detail));
    }

    private Outcome<Step> creation(Tx tx, Account actor, NewContact wanted, Set<String> before) {
        return contacts.creatable(tx, actor, wanted).then(fields -> {
            var number = fields.primaryNumber();
            if (!before.add(number)) {
                return faulty("primaryNumber", "duplicate-row", "Another row has the number " + number + " too.");
            }
            var known = contacts.byNumber(tx.connection(), number).stream()
                    .filter(other -> Access.of(actor).maySeeContact(other.assignedTo()))
                    .findFirst();
            return known.isPresent()
                    ? faulty(
                            "primaryNumber",
                            "number-known",
                            "The number belongs to " + known.get().name() + "; give the id "
                                    + known.get().id() + " in the row to change that contact.")
                    : Outcome.done(new Step("created", Optional.empty(), () -> contacts.insert(tx, actor, fields)));
        });
    }

    private Outcome<Step> change(
            Tx tx, Account actor, String id, NewContact wanted, Set<String> columns, Set<String> before) {
        if (!id.matches("[1-9][0-9]{0,17}") || !before.add(id)) {
            return faulty("id", "bad-id", "There is no contact " + id + ", or another row changes it too.");
        }
        var change = new ContactChange(
                Optional.of(wanted.name()),
                Optional.of(wanted.primaryNumber()),
                given(columns, "secondaryNumber", wanted.secondaryNumber()),
                given(columns, "assignedTo", wanted.assignedTo()),
                given(columns, "dnd", wanted.dnd()));
        return switch (contacts.changeable(tx, actor, Long.parseLong(id), change)) {
            case Outcome.Refused<Contacts.Changed>(var problem)
            when problem.status() == 404 -> faulty("id", "bad-id", "There is no contact " + id + ".");
            case Outcome.Refused<Contacts.Changed>(var problem) -> Outcome.refused(problem);
            case Outcome.Done<Contacts.Changed>(var changed) ->
                Outcome.done(new Step(
                        changed.before().equals(changed.after()) ? "unchanged" : "changed",
                        Optional.of(changed.after().id()),
                        () -> contacts.update(tx, Optional.of(actor), changed)));
        };
    }

    /// A column that is not there changes nothing.
    private static <T> Optional<T> given(Set<String> columns, String column, T value) {
        return columns.contains(column) ? Optional.of(value) : Optional.empty();
    }
}
