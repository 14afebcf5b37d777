package dev.parley.account;

import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.text.Normalizer;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The users. Who may call what (admins only, but for the own password) is the caller's to check.
public final class Accounts {
    static final int NAME_CHARACTERS_MAX = 64;

    private static final Problem LAST_ADMIN = Problem.conflict(
            "last-admin", "This is the only admin. Make another user an admin first, then this can be done.");

    private final Store store;
    private final Passwords passwords;
    private final Clock clock;
    private final List<AccountListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> afterChange = new CopyOnWriteArrayList<>();

    public Accounts(Store store, Passwords passwords, Clock clock) {
        this.store = store;
        this.passwords = passwords;
        this.clock = clock;
    }

    /// To be called before the first change.
    public void listen(AccountListener listener) {
        listeners.add(listener);
    }

    /// Has `action` run after each commit that changed or deleted a user.
    void onChange(Runnable action) {
        afterChange.add(action);
    }

    /// What [#read] reads, for a query over `account`.
    static final String COLUMNS = """
            account.id, account.name, account.role, account.scope, account.created_at,
            (SELECT GROUP_CONCAT(line_id) FROM account_line WHERE account_id = account.id) AS line_ids
            """;

    static Account read(ResultSet row) throws SQLException {
        var role = row.getString("role");
        var scope = row.getString("scope");
        return new Account(
                row.getLong("id"),
                row.getString("name"),
                Role.ofLabel(role).orElseThrow(() -> new IllegalStateException("role " + role)),
                AccessScope.ofLabel(scope).orElseThrow(() -> new IllegalStateException("scope " + scope)),
                Sql.maybeText(row, "line_ids").stream()
                        .flatMap(all -> Arrays.stream(all.split(",")))
                        .map(Long::valueOf)
                        .collect(Collectors.toUnmodifiableSet()),
                Times.instant(row, "created_at"));
    }

    private static final String BY_ID =
            "SELECT " + COLUMNS + " FROM account WHERE account.id = ? AND account.deleted_at IS NULL";

    public Optional<Account> byId(Connection connection, long id) {
        return Sql.first(connection, BY_ID, Accounts::read, id);
    }

    public Optional<Account> byId(long id) {
        return store.read(connection -> byId(connection, id));
    }

    private static final String BY_HANDLE = "SELECT " + COLUMNS + " FROM account WHERE account.handle = ?";

    /// The user of this name, however it is capitalised.
    public Optional<Account> byName(Connection connection, String name) {
        return Sql.first(connection, BY_HANDLE, Accounts::read, handle(name));
    }

    public Optional<Account> byName(String name) {
        return store.read(connection -> byName(connection, name));
    }

    private static final String LIST = "SELECT " + COLUMNS + """
              FROM account
             WHERE account.deleted_at IS NULL AND account.id < ?
             ORDER BY account.id DESC
             LIMIT ?
            """;

    /// Newest first.
    ///
    /// @param before the id of the last one seen; `Long.MAX_VALUE` for the first page
    public List<Account> list(long before, int limit) {
        return store.read(connection -> Sql.list(connection, LIST, Accounts::read, before, limit));
    }

    /// The names of users that exist or existed, by their ids: for what they wrote.
    public Map<Long, String> names(Connection connection, List<Long> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        var these = Condition.in("id", ids);
        return Sql.list(
                        connection,
                        "SELECT id, name FROM account WHERE " + these.sql(),
                        row -> Map.entry(row.getLong("id"), row.getString("name")),
                        these.parameters())
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static final String INSERT = """
            INSERT INTO account (name, handle, role, scope, password_hash, created_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """;

    /// Does now what takes long, which is to hash the password. What is returned makes the user, as part of whatever
    /// transaction it is called in.
    public Supplier<Outcome<Account>> creating(NewAccount wanted) {
        var fault = nameFault(wanted.name()).or(() -> wanted.password().flatMap(Accounts::passwordFault));
        if (fault.isPresent()) {
            return () -> Outcome.refused(fault.get());
        }
        var hash = wanted.password().map(passwords::hash);
        return () -> store.transaction(tx -> create(tx, wanted, hash));
    }

    private Outcome<Account> create(Tx tx, NewAccount wanted, Optional<String> hash) {
        return Outcome.unless(nameTaken(tx, wanted.name(), 0).or(() -> unknownLine(tx, wanted.lines())), () -> {
            long id = tx.insert(
                    INSERT,
                    wanted.name(),
                    handle(wanted.name()),
                    wanted.role().label(),
                    wanted.scope().label(),
                    hash,
                    clock.instant());
            setLines(tx, id, wanted.lines());
            return Outcome.done(byId(tx.connection(), id).orElseThrow());
        });
    }

    private static final String UPDATE = """
            UPDATE account
               SET name = ?, handle = ?, role = ?, scope = ?, password_hash = COALESCE(?, password_hash)
             WHERE id = ? AND deleted_at IS NULL
            """;

    /// Does now what takes long, which is to hash the password. What is returned changes the user, as part of whatever
    /// transaction it is called in. A new password ends the user's sessions; its tokens, which may be in
    /// other programs, live on.
    ///
    /// @param session the id of the session that asks for it, which goes on; 0 for none
    public Supplier<Outcome<Account>> changing(long id, AccountChange change, long session) {
        var fault = change.name()
                .flatMap(Accounts::nameFault)
                .or(() -> change.password().flatMap(Accounts::passwordFault));
        if (fault.isPresent()) {
            return () -> Outcome.refused(fault.get());
        }
        var hash = change.password().map(passwords::hash);
        return () -> store.transaction(tx -> change(tx, id, change, session, hash));
    }

    private Outcome<Account> change(Tx tx, long id, AccountChange change, long session, Optional<String> hash) {
        tx.afterCommit(() -> afterChange.forEach(Runnable::run));
        var admins = lockAdmins(tx);
        return Outcome.found(byId(tx.connection(), id)).then(before -> {
            var role = change.role().orElse(before.role());
            if (before.isAdmin() && role != Role.ADMIN && admins.equals(List.of(id))) {
                return Outcome.refused(LAST_ADMIN);
            }
            var fault = change.name()
                    .flatMap(name -> nameTaken(tx, name, id))
                    .or(() -> change.lines().flatMap(lines -> unknownLine(tx, lines)));
            if (fault.isPresent()) {
                return Outcome.refused(fault.get());
            }
            change.lines().ifPresent(lines -> setLines(tx, id, lines));
            var name = change.name().orElse(before.name());
            var scope = change.scope().orElse(before.scope());
            tx.update(UPDATE, name, handle(name), role.label(), scope.label(), hash, id);
            if (hash.isPresent()) {
                Sessions.endAllOf(tx, id, session);
            }
            var after = byId(tx.connection(), id).orElseThrow();
            listeners.forEach(listener -> listener.changed(tx, before, after));
            return Outcome.done(after);
        });
    }

    private static final String DELETE =
            "UPDATE account SET handle = NULL, password_hash = NULL, deleted_at = ? WHERE id = ? AND deleted_at IS NULL";

    public Outcome<Account> delete(long id) {
        return store.transaction(tx -> {
            tx.afterCommit(() -> afterChange.forEach(Runnable::run));
            var admins = lockAdmins(tx);
            return Outcome.found(byId(tx.connection(), id)).then(account -> {
                if (admins.equals(List.of(id))) {
                    return Outcome.refused(LAST_ADMIN);
                }
                tx.update(DELETE, clock.instant(), id);
                setLines(tx, id, Set.of());
                Sessions.endAllOf(tx, id, 0);
                Tokens.revokeAllOf(tx, id, clock.instant());
                listeners.forEach(listener -> listener.deleted(tx, account));
                return Outcome.done(account);
            });
        });
    }

    /// What sign-in needs of a user.
    record Credentials(Account account, Optional<String> passwordHash) {}

    private static final String CREDENTIALS =
            "SELECT " + COLUMNS + ", account.password_hash FROM account WHERE account.handle = ?";

    Optional<Credentials> credentials(String name) {
        return store.read(connection -> Sql.first(
                connection,
                CREDENTIALS,
                row -> new Credentials(read(row), Sql.maybeText(row, "password_hash")),
                handle(name)));
    }

    private static final String REHASH = "UPDATE account SET password_hash = ? WHERE id = ? AND password_hash = ?";

    /// Replaces a hash by one with today's parameters, unless the password was changed meanwhile.
    void rehash(long id, String old, String password) {
        var hash = passwords.hash(password);
        store.transaction(tx -> tx.update(REHASH, hash, id, old));
    }

    /// Names are the same when NFKC and lower case make them so: nobody signs in as, or passes for, a
    /// look-alike.
    static String handle(String name) {
        return Normalizer.normalize(
                Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
    }

    private static Optional<Problem> nameFault(String name) {
        int characters = name.codePointCount(0, name.length());
        boolean fits = characters >= 1
                && characters <= NAME_CHARACTERS_MAX
                && name.equals(name.strip())
                && name.codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE)
                && handle(name).length() <= 255;
        return fits
                ? Optional.empty()
                : Optional.of(Problem.invalid(
                        "name",
                        "bad-name",
                        "A user name has 1 to " + NAME_CHARACTERS_MAX
                                + " printable characters and no blanks at its ends."));
    }

    private static Optional<Problem> passwordFault(String password) {
        return Passwords.fault(password).map(sentence -> Problem.invalid("password", "bad-password", sentence));
    }

    private static final String TAKEN = "SELECT id FROM account WHERE handle = ? AND id <> ? FOR UPDATE";

    private static Optional<Problem> nameTaken(Tx tx, String name, long except) {
        return tx.first(TAKEN, row -> row.getLong("id"), handle(name), except)
                .map(_ -> new Problem(
                        409, "name-taken", "There is a user named " + name + " already.", Optional.of("name")));
    }

    private static final String LINE_EXISTS = "SELECT id FROM line WHERE id = ?";

    private static Optional<Problem> unknownLine(Tx tx, Set<Long> lines) {
        return lines.stream()
                .filter(line ->
                        tx.first(LINE_EXISTS, row -> row.getLong("id"), line).isEmpty())
                .findFirst()
                .map(line -> Problem.invalid("lines", "unknown-line", "There is no line with the id " + line + "."));
    }

    private static final String ADMINS =
            "SELECT id FROM account WHERE role = 'admin' AND deleted_at IS NULL ORDER BY id FOR UPDATE";

    /// The ids of all admins, whose number cannot change until `tx` ends: two admins who remove each
    /// other at once must not both succeed.
    private static List<Long> lockAdmins(Tx tx) {
        return tx.list(ADMINS, row -> row.getLong("id"));
    }

    private static final String DROP_LINES = "DELETE FROM account_line WHERE account_id = ?";

    private static final String ADD_LINE = "INSERT INTO account_line (account_id, line_id) VALUES (?, ?)";

    private static void setLines(Tx tx, long id, Set<Long> lines) {
        tx.update(DROP_LINES, id);
        for (long line : lines) {
            tx.update(ADD_LINE, id, line);
        }
    }
}
