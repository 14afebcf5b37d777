package dev.parley.conversation;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import dev.parley.store.Sql;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What reads cost in a large database: `ReadBenchmark MESSAGES`. Prints the median and the 99th percentile of
/// each question in milliseconds. Run by hand, and not with the tests.
final class ReadBenchmark {
    private static final int TIMES = 60;

    private ReadBenchmark() {}

    public static void main(String[] args) {
        int messages = Integer.parseInt(args[0]);
        try (var world = new World()) {
            long begin = System.nanoTime();
            new Filling(world.store, world.lines, world.clock).fill(messages, _ -> {});
            System.out.printf("%d messages in %.0f s%n", messages, (System.nanoTime() - begin) / 1e9);
            begin = System.nanoTime();
            int batches = 0;
            while (world.services.words().takeBatch()) {
                batches++;
            }
            System.out.printf("%d batches of words in %.0f s%n", batches, (System.nanoTime() - begin) / 1e9);
            world.store.read(connection -> {
                for (var table : List.of("message", "delivery", "conversation", "participant", "message_word")) {
                    Sql.list(connection, "ANALYZE TABLE " + table, row -> row.getString(1));
                }
                return 0;
            });
            ask(world);
        }
    }

    private static void ask(World world) {
        var member = world.user("member", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
        var first = World.done(world.conversations.list(
                world.admin,
                new ConversationFilter(
                        Optional.empty(),
                        Optional.of(Kind.DIRECT),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                World.first(200)));
        long long0 = world.store.read(
                connection -> Sql.first(connection, "SELECT MIN(id) AS id FROM conversation", row -> row.getLong("id"))
                        .orElseThrow());
        long middle = world.store.read(connection -> Sql.first(
                        connection,
                        "SELECT id FROM message WHERE conversation_id = ? ORDER BY id LIMIT 1 OFFSET 2000",
                        row -> row.getLong("id"),
                        long0)
                .orElseThrow());
        var number = first.items().get(7).participants().getFirst().number();
        time("list", () -> world.conversations.list(world.admin, World.ALL, World.first(50)));
        time(
                "list unread",
                () -> world.conversations.list(
                        world.admin, World.only(Optional.empty(), true, false, Optional.empty()), World.first(50)));
        time(
                "list needs",
                () -> world.conversations.list(
                        world.admin, World.only(Optional.empty(), false, true, Optional.empty()), World.first(50)));
        time("list of a member", () -> world.conversations.list(member, World.ALL, World.first(50)));
        time(
                "list by query",
                () -> world.conversations.list(
                        world.admin,
                        World.only(Optional.empty(), false, false, Optional.of("Person 77")),
                        World.first(50)));
        time("counts", () -> world.services.reading().counts(world.admin));
        time("counts of a member", () -> world.services.reading().counts(member));
        time("thread", () -> world.threads.list(world.admin, long0, World.first(50)));
        time("thread around", () -> world.threads.around(world.admin, long0, middle, 50));
        time("participant", () -> search(world, "", number, null, 0));
        time("status failed", () -> search(world, "", null, DeliveryStatus.FAILED, 0));
        time("status delivered", () -> search(world, "", null, DeliveryStatus.DELIVERED, 0));
        time("common word", () -> search(world, "van", null, null, 0));
        time("two common words", () -> search(world, "van tomorrow", null, null, 0));
        time("rare word", () -> search(world, "invoice", null, null, 0));
        time("one message", () -> search(world, "12345", null, null, 0));
        time("no such word", () -> search(world, "giraffe", null, null, 0));
        time("rare word in the long thread", () -> search(world, "invoice", null, null, long0));
        time("no such word in the long thread", () -> search(world, "giraffe", null, null, long0));
        time("link figures", () -> world.services.traffic().sentLastHour());
        time("link errors", () -> world.services.traffic().lastErrors());
    }

    private static Object search(
            World world, String query, @Nullable String number, @Nullable DeliveryStatus status, long conversation) {
        return world.services
                .searches()
                .search(
                        world.admin,
                        new MessageSearch(
                                Optional.of(query).filter(each -> !each.isEmpty()),
                                conversation == 0 ? Optional.empty() : Optional.of(conversation),
                                Optional.ofNullable(number),
                                Optional.ofNullable(status),
                                Optional.empty(),
                                Optional.empty()),
                        World.first(50));
    }

    private static void time(String what, Supplier<Object> question) {
        var took = new double[TIMES];
        for (int i = 0; i < TIMES; i++) {
            long begin = System.nanoTime();
            var _ = question.get();
            took[i] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(took);
        System.out.printf("%-34s p50 %7.1f  p99 %7.1f ms%n", what, took[TIMES / 2], took[TIMES - 1]);
    }
}
