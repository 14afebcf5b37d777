package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.AccountChange;
import dev.parley.account.Accounts;
import dev.parley.account.NewAccount;
import dev.parley.account.Role;
import dev.parley.account.Session;
import dev.parley.account.SignIn;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/api/v1/users`: for admins, but that everybody may change the own password.
record UserRoutes(Accounts accounts, SignIn signIn) {
    private static final String PATH = "/api/v1/users";

    /// A user.
    ///
    /// @param lines ids of the lines it was given; empty for all
    record UserView(String id, String name, String role, String scope, List<String> lines, Instant createdAt) {
        static UserView of(Account account) {
            return new UserView(
                    Long.toString(account.id()),
                    account.name(),
                    account.role().label(),
                    account.scope().label(),
                    account.lineIds(),
                    account.createdAt());
        }
    }

    record UserBody(
            String name,
            Optional<String> password,
            @OneOf({"admin", "member"}) String role,
            @OneOf({"all", "assigned"}) Optional<String> scope,
            Optional<List<String>> lines) {
        @Override
        public String toString() {
            return "UserBody[name=" + name + "]";
        }
    }

    /// @param currentPassword to change one's own: who has found a token, or a screen that is not
    /// locked, must not make the account its own
    record UserPatch(
            Optional<String> name,
            Optional<String> password,
            Optional<String> currentPassword,
            @OneOf({"admin", "member"}) Optional<String> role,
            @OneOf({"all", "assigned"}) Optional<String> scope,
            Optional<List<String>> lines)
            implements Changes {
        @Override
        public String toString() {
            return "UserPatch[name=" + name + "]";
        }

        private boolean onlyPassword() {
            return name.isEmpty() && role.isEmpty() && scope.isEmpty() && lines.isEmpty();
        }
    }

    void addTo(Routes routes) {
        var users = routes.group("Users");
        var admins = users.forAdmins();
        admins.get(PATH, "listUsers")
                .says("The users, newest first.")
                .pages(
                        UserView.class,
                        (_, paging) -> paging.page(
                                accounts.list(paging.before(), paging.toRead()), Account::id, UserView::of));
        admins.post(PATH, "createUser")
                .audited("name", "role", "scope", "lines")
                .says("Creates a user. Without a password nobody can sign in as it, only use its tokens.")
                .answers(201, UserView.class)
                .takes(UserBody.class)
                .prepared(this::create);
        admins.get(PATH + "/{id}", "getUser")
                .says("One user.")
                .answers(
                        UserView.class,
                        request -> Outcome.found(accounts.byId(request.id())).map(UserView::of));
        users.patch(PATH + "/{id}", "changeUser")
                .audited("name", "role", "scope", "lines")
                .says("Changes what is given. Who is no admin may change the own password and nothing else. The own"
                        + " password is changed with the currentPassword; that ends all other sessions.")
                .answers(200, UserView.class)
                .takes(UserPatch.class)
                .prepared(this::change);
        admins.delete(PATH + "/{id}", "deleteUser")
                .audited()
                .says("Deletes a user; its sessions and tokens end at once.")
                .ends(request -> accounts.delete(request.id()));
    }

    private Route.Handler create(Request request, UserBody body) {
        var wanted = new NewAccount(
                body.name(),
                body.password(),
                Role.ofLabel(body.role()).orElseThrow(),
                body.scope().flatMap(AccessScope::ofLabel).orElse(AccessScope.ALL),
                body.lines().map(UserRoutes::lines).orElse(Set.of()));
        var creating = accounts.creating(wanted);
        return _ -> Response.of(
                creating.get(), account -> Response.created(PATH + "/" + account.id(), UserView.of(account)));
    }

    private Route.Handler change(Request request, UserPatch body) {
        var user = request.user();
        boolean own = request.variable("id").equals(Long.toString(user.id()));
        if (!user.isAdmin()) {
            if (!own || !body.onlyPassword()) {
                throw new Refused(
                        Problem.forbidden("Only an admin may change users; you may change your own password."));
            }
        }
        if (own && body.password().isPresent()) {
            requireProof(request, body.currentPassword());
        }
        var change = new AccountChange(
                body.name(),
                body.password(),
                body.role().flatMap(Role::ofLabel),
                body.scope().flatMap(AccessScope::ofLabel),
                body.lines().map(UserRoutes::lines));
        long session = own ? request.known().session().map(Session::id).orElse(0L) : 0;
        var changing = accounts.changing(request.id(), change, session);
        return _ -> Response.of(changing.get(), account -> Response.ok(UserView.of(account)));
    }

    private void requireProof(Request request, Optional<String> currentPassword) {
        if (currentPassword.isEmpty()) {
            throw new Refused(Problem.invalid(
                    "currentPassword",
                    "current-password-needed",
                    "To change your own password send the one that you have as currentPassword, too."));
        }
        switch (signIn.prove(request.user().name(), currentPassword.get(), request.from())) {
            case SignIn.Proof.Right _ -> {
                // goes on
            }
            case SignIn.Proof.Wrong _ ->
                throw new Refused(new Problem(
                        403,
                        "wrong-password",
                        "This is not your password. Who never had one asks another admin for it.",
                        Optional.of("currentPassword")));
            case SignIn.Proof.ComeBack(var after) -> throw new Refused(SessionRoutes.comeBack(after));
        }
    }

    private static Set<Long> lines(List<String> ids) {
        var lines = new HashSet<Long>();
        for (int i = 0; i < ids.size(); i++) {
            int index = i;
            lines.add(Ids.require(
                    ids.get(i),
                    () -> Problem.invalid(
                            "lines[" + index + "]",
                            "unknown-line",
                            "There is no line with the id " + ids.get(index) + ".")));
        }
        return lines;
    }
}
