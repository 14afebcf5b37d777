package dev.parley.cli;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `parley user …`: the people who use Parley.
@Command(name = "user", description = "Users: adds and lists them, sets their passwords, removes them.")
final class UserCommand implements Runnable {

    @Override
    public void run() {
        throw new Misuse("Say what to do: parley user add, list, password or remove.");
    }

    @Command(
            description = {
                "Adds a user to the database, whether or not the daemon runs.",
                "Without --password-stdin nobody can sign in as this user, only use its tokens."
            },
            mixinStandardHelpOptions = true)
    void add(
            @Mixin ConfigOption config,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            required = true,
                            description = "What the user signs in with.")
                    String name,
            @Option(
                            names = "--role",
                            paramLabel = "admin|member",
                            required = true,
                            description = "An admin sees and may do everything; a member texts.")
                    String role,
            @Option(
                            names = "--scope",
                            paramLabel = "all|assigned",
                            description =
                                    "What a member sees: every conversation, or those with a contact assigned to it"
                                            + " (default: all).")
                    @Nullable
                    String scope,
            @Option(
                            names = "--password-stdin",
                            description =
                                    "Read the password from the standard input, one line. At a terminal it is asked for, and not"
                                            + " shown.")
                    boolean passwordStdin,
            @Mixin Output output)
            throws IOException {
        var chosenRole = Role.ofLabel(role.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new Misuse("--role is \"" + role + "\"; expected admin or member"));
        var chosenScope = AccessScope.ofLabel(scope == null ? "all" : scope.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new Misuse("--scope is \"" + scope + "\"; expected all or assigned"));
        if (chosenRole == Role.ADMIN && chosenScope == AccessScope.ASSIGNED) {
            throw new Misuse("an admin sees everything; leave --scope out");
        }
        var database = config.read().database();
        Optional<String> password = passwordStdin ? Optional.of(passwordOf(System.in)) : Optional.empty();
        try (var desk = AccountDesk.open(database)) {
            var account = desk.addUser(name, password, chosenRole, chosenScope);
            output.value("id", Long.toString(account.id()));
        }
    }

    @Command(description = "Lists the users: id, role, scope, name.", mixinStandardHelpOptions = true)
    void list(@Mixin ConfigOption config, @Mixin Output output) {
        try (var desk = AccountDesk.open(config.read().database())) {
            var rows = output.rows("id", "role", "scope", "name");
            for (var user : desk.users()) {
                rows.add(
                        Long.toString(user.id()),
                        user.role().label(),
                        user.scope().label(),
                        user.name());
            }
            rows.print();
        }
    }

    @Command(
            description =
                    "Sets a user's password, which ends its sessions. The password is one line of the standard input;"
                            + " at a terminal it is asked for, and not shown.",
            mixinStandardHelpOptions = true)
    void password(
            @Mixin ConfigOption config,
            @Option(names = "--name", paramLabel = "NAME", required = true, description = "Whose.") String name,
            @Mixin Output output)
            throws IOException {
        try (var desk = AccountDesk.open(config.read().database())) {
            desk.setPassword(name, passwordOf(System.in));
            output.done(Output.object("name", name, "passwordSet", true));
        }
    }

    @Command(
            description = "Removes a user with its sessions and tokens. What it wrote stays under its name.",
            mixinStandardHelpOptions = true)
    void remove(
            @Mixin ConfigOption config,
            @Option(names = "--name", paramLabel = "NAME", required = true, description = "Who.") String name,
            @Mixin Output output) {
        try (var desk = AccountDesk.open(config.read().database())) {
            desk.removeUser(name);
            output.done(Output.object("name", name, "removed", true));
        }
    }

    /// Longer is no password, and nobody types it.
    private static final int PASSWORD_OCTETS_MAX = 4_096;

    /// A password may end with the file or with its line; other white space is its own.
    private static String passwordOf(InputStream in) throws IOException {
        var console = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (console.isPresent()) {
            return asked(console.get());
        }
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0 && octet != '\n' && octet != '\r'; octet = in.read()) {
            line.write(octet);
            if (line.size() > PASSWORD_OCTETS_MAX) {
                throw new Failure("the password on the standard input is longer than 4096 octets");
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /// Twice, since nobody sees what is typed.
    private static String asked(Console console) {
        var once = console.readPassword("Password: ");
        var again = console.readPassword("Once more: ");
        if (once == null || !Arrays.equals(once, again)) {
            throw new Failure("the two were not the same; nothing was changed");
        }
        return new String(once);
    }
}
