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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
        static RowReport of(int row, String outcome, Optional<Long> contact) {
            return new RowReport(
                    row,
                    outcome,
                    contact.map(id -> Long.toString(id)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        static RowReport faulty(int row, Problem problem) {
            return new RowReport(
                    row,
                    "faulty",
                    Optional.empty(),
                    problem.field(),
                    Optional.of(problem.code()),
                    Optional.of(problem.detail()));
        }
    }

    /// A row that can be done.
    private sealed interface Step {
        record Create(int row, NewContact wanted) implements Step {}

        record Change(int row, long id, ContactChange change, boolean changes) implements Step {}
    }

    /// Rows as an export has them, without the heading.
    public String rows(List<Contact> page) {
        var users = store.read(connection -> contacts.users(connection, page));
        var csv = new StringBuilder();
        for (var contact : page) {
            var assignedTo = contact.assignedTo().map(id -> users.getOrDefault(id, ""));
            csv.append(String.join(
                            ",",
                            List.of(
                                    Long.toString(contact.id()),
                                    Csv.written(contact.name()),
                                    contact.primaryNumber(),
                                    contact.secondaryNumber().orElse(""),
                                    Csv.written(assignedTo.orElse("")),
                                    Boolean.toString(contact.dnd()))))
                    .append("\r\n");
        }
        return csv.toString();
    }

    /// Does what the rows say, all of it or nothing.
    ///
    /// @param dryRun report only
    public Outcome<Report> load(Account actor, byte[] file, boolean dryRun) {
        return loading(actor, file, dryRun).get();
    }

    /// Reads the file now. What is returned does what the rows say, as part of whatever transaction it is called in.
    ///
    /// @param dryRun report only
    public Supplier<Outcome<Report>> loading(Account actor, byte[] file, boolean dryRun) {
        return switch (table(file)) {
            case Outcome.Refused<Table>(var problem) -> () -> Outcome.refused(problem);
            case Outcome.Done<Table>(var table) ->
                () -> store.transaction(tx -> load(tx, actor, table.rows, table.columns, dryRun));
        };
    }

    /// A file without its heading.
    ///
    /// @param columns where each stands
    private record Table(List<Csv.Row> rows, Map<String, Integer> columns) {}

    private static Outcome<Table> table(byte[] file) {
        var csv = Csv.text(file);
        if (csv.isEmpty()) {
            return Outcome.refused(new Problem(
                    400,
                    "bad-utf-8",
                    "The file is in no encoding that can be told; save it as CSV UTF-8.",
                    Optional.of("body")));
        }
        List<Csv.Row> rows;
        try {
            rows = Csv.read(csv.get(), ROWS_MAX + 1); // with the heading
        } catch (Csv.Malformed e) {
            return Outcome.refused(
                    new Problem(400, "bad-csv", "Row " + e.row + ": " + e.getMessage() + ".", Optional.of("body")));
        }
        if (rows.isEmpty()) {
            return Outcome.refused(new Problem(
                    400, "bad-csv", "The file is empty; expected the heading " + HEADING + ".", Optional.of("body")));
        }
        var columns = new HashMap<String, Integer>();
        var heading = rows.getFirst().cells();
        for (int i = 0; i < heading.size(); i++) {
            if (heading.get(i).isBlank()) {
                continue; // a column that nothing may stand in
            }
            var name = column(heading.get(i));
            if (name.isEmpty() || columns.put(name.get(), i) != null) {
                return Outcome.refused(new Problem(
                        422,
                        "bad-heading",
                        "The column \"" + heading.get(i).strip() + "\" is unknown or there twice; known are " + HEADING
                                + ".",
                        Optional.of("body")));
            }
        }
        for (var needed : List.of("name", "primaryNumber")) {
            if (!columns.containsKey(needed)) {
                return Outcome.refused(
                        new Problem(422, "bad-heading", "The column " + needed + " is missing.", Optional.of("body")));
            }
        }
        var data = rows.subList(1, rows.size());
        if (data.size() > ROWS_MAX) {
            return Outcome.refused(new Problem(
                    422,
                    "too-many-rows",
                    "The file has more contacts than the " + ROWS_MAX + " that are taken at once. Split it.",
                    Optional.of("body")));
        }
        return Outcome.done(new Table(data, columns));
    }

    private static Optional<String> column(String heading) {
        var wanted = heading.strip().replace(" ", "").replace("_", "").toLowerCase(Locale.ROOT);
        return COLUMNS.stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).equals(wanted))
                .findFirst();
    }

    private Outcome<Report> load(
            Tx tx, Account actor, List<Csv.Row> rows, Map<String, Integer> columns, boolean dryRun) {
        var steps = new ArrayList<Step>();
        var faults = new HashMap<Integer, Problem>();
        var numbers = new HashSet<String>();
        var ids = new HashSet<Long>();
        for (var row : rows) {
            switch (step(tx, actor, row, columns, numbers, ids)) {
                case Outcome.Done<Step>(var step) -> steps.add(step);
                case Outcome.Refused<Step>(var problem) -> faults.put(row.number(), problem);
            }
        }
        if (!faults.isEmpty() && !dryRun) {
            return Outcome.refused(refusal(rows, faults));
        }
        var reports = new ArrayList<RowReport>();
        for (var step : steps) {
            reports.add(dryRun ? promised(step) : done(tx, actor, step));
        }
        faults.forEach((row, problem) -> reports.add(RowReport.faulty(row, problem)));
        reports.sort((a, b) -> Integer.compare(a.row(), b.row()));
        return Outcome.done(new Report(
                dryRun,
                rows.size(),
                count(reports, "created"),
                count(reports, "changed"),
                faults.size(),
                List.copyOf(reports)));
    }

    private static Problem refusal(List<Csv.Row> rows, Map<Integer, Problem> faults) {
        return new Problem(
                422,
                "faulty-rows",
                faults.size() + " of " + rows.size() + " rows are faulty, so none was imported. Correct them and send"
                        + " the file again.",
                Optional.of("body"),
                faults.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(fault -> new Problem.Reason(
                                "row " + fault.getKey()
                                        + fault.getValue()
                                                .field()
                                                .map(field -> "." + field)
                                                .orElse(""),
                                fault.getValue().code(),
                                fault.getValue().detail()))
                        .toList());
    }

    private static int count(List<RowReport> reports, String outcome) {
        return (int) reports.stream()
                .filter(report -> report.outcome().equals(outcome))
                .count();
    }

    private static RowReport promised(Step step) {
        return switch (step) {
            case Step.Create(int row, var _) -> RowReport.of(row, "created", Optional.empty());
            case Step.Change(int row, long id, var _, boolean changes) ->
                RowReport.of(row, changes ? "changed" : "unchanged", Optional.of(id));
        };
    }

    private RowReport done(Tx tx, Account actor, Step step) {
        return switch (step) {
            case Step.Create(int row, var wanted) ->
                RowReport.of(
                        row,
                        "created",
                        Optional.of(
                                judgedWell(contacts.create(tx, actor, wanted)).id()));
            case Step.Change(int row, long id, var change, boolean changes) -> {
                var _ = judgedWell(contacts.change(tx, actor, id, change));
                yield RowReport.of(row, changes ? "changed" : "unchanged", Optional.of(id));
            }
        };
    }

    private static Contact judgedWell(Outcome<Contact> outcome) {
        return switch (outcome) {
            case Outcome.Done<Contact>(var contact) -> contact;
            case Outcome.Refused<Contact>(var problem) ->
                throw new IllegalStateException("a row was judged well and then refused: " + problem.code());
        };
    }

    /// `1.20256E+10`: what a spreadsheet shows of a number that is too long for it.
    private static final Pattern ROUNDED = Pattern.compile("[0-9]+[.,]?[0-9]*[eE]\\+?[0-9]+");

    private static final int SHOWN_MAX = 40;

    private static String beginning(String cell) {
        return cell.codePointCount(0, cell.length()) <= SHOWN_MAX
                ? cell
                : cell.substring(0, cell.offsetByCodePoints(0, SHOWN_MAX)) + "…";
    }

    /// Judges a row.
    ///
    /// @param numbers primary numbers of rows before that make a contact
    /// @param ids contacts that rows before change
    private Outcome<Step> step(
            Tx tx, Account actor, Csv.Row row, Map<String, Integer> columns, Set<String> numbers, Set<Long> ids) {
        for (int i = 0; i < row.cells().size(); i++) {
            if (!row.cells().get(i).isBlank() && !columns.containsValue(i)) {
                return Outcome.refused(Problem.invalid(
                        "row",
                        "too-many-cells",
                        "Cell " + (i + 1) + " of this row has \""
                                + beginning(row.cells().get(i)) + "\" and no heading above it."));
            }
        }
        var cells = new HashMap<String, String>();
        columns.forEach((name, index) -> {
            if (index < row.cells().size()) {
                cells.put(name, row.cells().get(index).strip());
            }
        });
        var dnd = cells.getOrDefault("dnd", "").toLowerCase(Locale.ROOT);
        if (!YES.contains(dnd) && !NO.contains(dnd)) {
            return Outcome.refused(Problem.invalid("dnd", "bad-value", "dnd is " + dnd + ", expected true or false."));
        }
        var assignee = cells.getOrDefault("assignedTo", "");
        Optional<Long> assignedTo = Optional.empty();
        if (!assignee.isEmpty()) {
            assignedTo = accounts.byName(tx.connection(), assignee).map(Account::id);
            if (assignedTo.isEmpty()) {
                return Outcome.refused(Problem.invalid(
                        "assignedTo", "unknown-user", "There is no user with the name " + assignee + "."));
            }
        }
        for (var column : List.of("primaryNumber", "secondaryNumber")) {
            if (ROUNDED.matcher(cells.getOrDefault(column, "")).matches()) {
                return Outcome.refused(Problem.invalid(
                        column,
                        "rounded-number",
                        "A spreadsheet has rounded this number to " + cells.get(column)
                                + "; format the column as text and enter the number again."));
            }
        }
        var secondary = Optional.of(cells.getOrDefault("secondaryNumber", "")).filter(number -> !number.isEmpty());
        var wanted = new NewContact(
                cells.getOrDefault("name", ""),
                cells.getOrDefault("primaryNumber", ""),
                secondary,
                assignedTo,
                YES.contains(dnd));
        var id = cells.getOrDefault("id", "");
        return id.isEmpty()
                ? creation(tx, actor, row.number(), wanted, numbers)
                : change(tx, actor, row.number(), id, wanted, columns.keySet(), ids);
    }

    private Outcome<Step> creation(Tx tx, Account actor, int row, NewContact wanted, Set<String> numbers) {
        return switch (contacts.creatable(tx, actor, wanted)) {
            case Outcome.Refused<Contact>(var problem) -> Outcome.refused(problem);
            case Outcome.Done<Contact>(var fields) -> {
                var number = fields.primaryNumber();
                if (!numbers.add(number)) {
                    yield Outcome.refused(Problem.invalid(
                            "primaryNumber", "duplicate-row", "Another row has the number " + number + " too."));
                }
                var known = contacts.byNumber(tx.connection(), number).stream()
                        .filter(other -> Access.of(actor).maySeeContact(other.assignedTo()))
                        .findFirst();
                yield known.isPresent()
                        ? Outcome.refused(Problem.invalid(
                                "primaryNumber",
                                "number-known",
                                "The number belongs to " + known.get().name() + "; give the id "
                                        + known.get().id() + " in the row to change that contact."))
                        : Outcome.done(new Step.Create(row, wanted));
            }
        };
    }

    private Outcome<Step> change(
            Tx tx, Account actor, int row, String id, NewContact wanted, Set<String> columns, Set<Long> ids) {
        if (!id.matches("[1-9][0-9]{0,17}") || !ids.add(Long.valueOf(id))) {
            return Outcome.refused(
                    Problem.invalid("id", "bad-id", "There is no contact " + id + ", or another row changes it too."));
        }
        var change = new ContactChange(
                Optional.of(wanted.name()),
                Optional.of(wanted.primaryNumber()),
                given(columns, "secondaryNumber", wanted.secondaryNumber()),
                given(columns, "assignedTo", wanted.assignedTo()),
                given(columns, "dnd", wanted.dnd()));
        return switch (contacts.changeable(tx, actor, Long.parseLong(id), change)) {
            case Outcome.Refused<Contacts.Changed>(var problem)
            when problem.status() == 404 ->
                Outcome.refused(Problem.invalid("id", "bad-id", "There is no contact " + id + "."));
            case Outcome.Refused<Contacts.Changed>(var problem) -> Outcome.refused(problem);
            case Outcome.Done<Contacts.Changed>(var changed) ->
                Outcome.done(new Step.Change(
                        row, Long.parseLong(id), change, !changed.before().equals(changed.after())));
        };
    }

    /// A column that is not there changes nothing.
    private static <T> Optional<T> given(Set<String> columns, String column, T value) {
        return columns.contains(column) ? Optional.of(value) : Optional.empty();
    }
}
