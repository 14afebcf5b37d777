package dev.parley.at;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Message memories (`+CPMS`, TS 27.005 §3.2.2): which there are, and how full.
public final class Cpms {
    private static final int NAME_MAX = 8;

    private Cpms() {}

    /// The memories a modem offers.
    ///
    /// @param toRead memories that can be listed, read and deleted from (`<mem1>`)
    /// @param toWrite memories for messages to send (`<mem2>`)
    /// @param toReceive memories where the modem can put what arrives (`<mem3>`); empty where the modem
    /// names no third set (Wavecom)
    public record Offered(Set<String> toRead, Set<String> toWrite, Set<String> toReceive) {

        private static final String BOTH = "MT";
        private static final Set<String> IN_BOTH = Set.of("SM", "ME");

        /// Memories whose messages were received, beside the main one: the modem's own and the SIM's,
        /// the adapter's, Motorola's *inbox*, and those of status reports and cell broadcasts (§3.2.2).
        /// Others hold what is to be sent (`OM`, `DM`) or show the same messages again (`SM_P`, `ME_P`:
        /// the SIM, or the modem, first).
        private static final List<String> RECEIVED = List.of("SM", "ME", "TA", "IM", "SR", "BM");

        /// `MT` is the SIM's messages and the modem's own together (§3.2.2). It alone shows all where
        /// one of the two cannot be read by itself; where both can, nothing is gained by it.
        private boolean needsBoth() {
            return toRead.contains(BOTH) && !toRead.containsAll(IN_BOTH);
        }

        /// The same without `MT`, for a modem that offers it and then refuses it.
        public Offered withoutBoth() {
            return without(BOTH);
        }

        /// The same without a memory that turned out to be none.
        public Offered without(String memory) {
            return new Offered(without(toRead, memory), without(toWrite, memory), without(toReceive, memory));
        }

        /// Whether the modem named no memory at all to read from.
        public boolean isEmpty() {
            return toRead.isEmpty();
        }

        private static Set<String> without(Set<String> memories, String memory) {
            var others = new LinkedHashSet<>(memories);
            others.remove(memory);
            return others;
        }

        /// Every memory to read and to empty, the main one first. No message lies in two of them. The
        /// one where messages arrive is among them even if the modem does not call it readable: one
        /// that names a single memory for each purpose (Huawei MU609) can do more than it says.
        public List<String> toEmpty(Choice choice) {
            var main = choice.read();
            var memories = new ArrayList<String>();
            memories.add(main);
            for (var memory : RECEIVED) {
                if ((toRead.contains(memory)
                                || choice.receive().filter(memory::equals).isPresent())
                        && !memories.contains(memory)
                        && !(main.equals(BOTH) && IN_BOTH.contains(memory))) {
                    memories.add(memory);
                }
            }
            return List.copyOf(memories);
        }

        /// The three memories for `AT+CPMS=`: what is read must be where messages arrive, and the first
        /// of `preferred` that can be both is taken. Empty if the modem offers no memory to read at all.
        public Optional<Choice> choose(List<String> preferred) {
            if (needsBoth()) {
                return Optional.of(choice(preferred, BOTH));
            }
            var arrivals = toReceive.isEmpty() ? toRead : toReceive;
            var both = new LinkedHashSet<>(toRead);
            both.retainAll(arrivals);
            var main = first(preferred, both.isEmpty() ? toRead : both);
            return main.map(memory -> choice(preferred, memory));
        }

        private Choice choice(List<String> preferred, String memory) {
            return new Choice(
                    memory,
                    toWrite.contains(memory)
                            ? memory
                            : first(preferred, toWrite).orElse(memory),
                    toReceive.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    toReceive.contains(memory)
                                            ? memory
                                            : first(preferred, toReceive).orElse(memory)));
        }

        private static Optional<String> first(List<String> preferred, Set<String> offered) {
            return preferred.stream()
                    .filter(offered::contains)
                    .findFirst()
                    .or(() -> offered.stream().findFirst());
        }
    }

    /// The memories to use.
    ///
    /// @param receive empty where the modem takes only two memories
    public record Choice(String read, String write, Optional<String> receive) {

        /// The command, and what else to try where a modem refuses it: three names where two were
        /// thought enough, then all three alike, which is what some take and nothing else.
        public List<Command> commands() {
            return Stream.of(
                            named(Stream.concat(Stream.of(read, write), receive.stream())
                                    .toList()),
                            named(List.of(read, write, receive.orElse(write))),
                            named(List.of(read, read, read)))
                    .distinct()
                    .toList();
        }

        /// The same for another memory to read from, with as few names as most modems need in front.
        public List<Command> toRead(String memory) {
            return Stream.of(
                            named(List.of(memory)),
                            named(List.of(memory, write, receive.orElse(write))),
                            named(List.of(memory, memory, memory)))
                    .distinct()
                    .toList();
        }

        private static Command named(List<String> memories) {
            return Command.of("AT+CPMS="
                    + memories.stream().map(memory -> "\"" + memory + "\"").collect(Collectors.joining(",")));
        }
    }

    /// Whether what lies in `memory` is shown by one of those `read` as well, in a place of another
    /// name.
    public static boolean isShownBy(List<String> read, String memory) {
        return !read.contains(memory)
                && switch (memory) {
                    case "MT", "SM_P", "ME_P" ->
                        read.stream().anyMatch(Offered.IN_BOTH::contains) || read.contains("MT");
                    case "SM", "ME" -> read.contains("MT");
                    default -> false;
                };
    }

    /// How full a memory is.
    ///
    /// @param memory empty in the answer to `AT+CPMS=…`, which names none
    public record Usage(Optional<String> memory, int used, int total) {
        /// No slot is left.
        public boolean full() {
            return total > 0 && used >= total;
        }

        /// Four of five slots are taken: time to say so before the network has to wait.
        public boolean nearlyFull() {
            return total > 0 && used * 5L >= total * 4L;
        }
    }

    /// The answer to `AT+CPMS=?`, in whatever brackets it comes: the usual `("SM","ME"),("SM"),("SM")`,
    /// without any (Huawei MU609), nested and only two (Wavecom), or empty (Samsung).
    public static Offered offered(Final result) {
        var sets = new ArrayList<Set<String>>();
        for (var answer : result.answers()) {
            var value = answer.text().replace("\"", "").strip();
            while (value.startsWith("((") && value.endsWith("))")) {
                value = value.substring(1, value.length() - 1);
            }
            for (var field : Lines.fields(Lines.withBracketsClosed(value))) {
                sets.add(names(field));
            }
        }
        return new Offered(set(sets, 0), set(sets, 1), set(sets, 2));
    }

    /// The first memory of the answer to `AT+CPMS?` or `AT+CPMS=…`: the one that is read. Empty if no
    /// numbers came.
    public static Optional<Usage> usage(Final result) {
        for (var answer : result.answers()) {
            var fields = Lines.fields(answer.text());
            var named = Lines.number(Lines.field(fields, 0)).isEmpty();
            OptionalInt used = Lines.number(Lines.field(fields, named ? 1 : 0));
            OptionalInt total = Lines.number(Lines.field(fields, named ? 2 : 1));
            if (used.isPresent() && total.isPresent()) {
                var memory = named ? Optional.of(Lines.field(fields, 0)) : Optional.<String>empty();
                return Optional.of(new Usage(memory, used.getAsInt(), total.getAsInt()));
            }
        }
        return Optional.empty();
    }

    /// How many places each memory of the answer to `AT+CPMS=…` or `AT+CPMS?` has, in the order of the
    /// command; as many as it says. One that has none cannot hold a message (§3.2.2, `<total>`),
    /// whatever it is called.
    public static List<Integer> totals(Final result) {
        var totals = new ArrayList<Integer>();
        for (var answer : result.answers()) {
            var fields = Lines.fields(answer.text());
            var named = Lines.number(Lines.field(fields, 0)).isEmpty();
            for (int i = named ? 2 : 1; i < fields.size(); i += named ? 3 : 2) {
                Lines.number(fields.get(i)).ifPresent(totals::add);
            }
        }
        return totals;
    }

    /// Whether a memory can be called that, in a command too: two letters, or a few more characters
    /// with some makes. A line that has lost or gained an octet on the way names none.
    public static boolean isName(String name) {
        return name.length() >= 2
                && name.length() <= NAME_MAX
                && name.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
    }

    private static Set<String> set(List<Set<String>> sets, int index) {
        return index < sets.size() ? sets.get(index) : Set.of();
    }

    private static Set<String> names(String field) {
        var names = new LinkedHashSet<String>();
        for (var name : field.replace("(", " ").replace(")", " ").split(",", -1)) {
            var bare = name.replace("\"", "").strip();
            if (isName(bare)) {
                names.add(bare);
            }
        }
        return names;
    }
}
