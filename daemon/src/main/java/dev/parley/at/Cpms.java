package dev.parley.at;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Message memories (`+CPMS`, TS 27.005 §3.2.2): which there are, and how full.
public final class Cpms {
    /// The SIM's messages and the modem's own together (§3.2.2).
    public static final String BOTH = "MT";

    private Cpms() {}

    /// The memories a modem offers.
    ///
    /// @param toRead memories that can be listed, read and deleted from (`<mem1>`)
    /// @param toWrite memories for messages to send (`<mem2>`)
    /// @param toReceive memories where the modem can put what arrives (`<mem3>`); empty where the modem
    /// names no third set (Wavecom)
    public record Offered(Set<String> toRead, Set<String> toWrite, Set<String> toReceive) {

        /// What [#BOTH] shows together.
        private static final Set<String> IN_BOTH = Set.of("SM", "ME");

        /// Memories whose messages were received, beside the main one: the modem's own and the SIM's,
        /// the adapter's, Motorola's *inbox*, and those of status reports and cell broadcasts (§3.2.2).
        /// Others hold what is to be sent (`OM`, `DM`) or show the same messages again (`SM_P`, `ME_P`:
        /// the SIM, or the modem, first).
        private static final List<String> RECEIVED = List.of("SM", "ME", "TA", "IM", "SR", "BM");

        /// The one wanted most first.
        private static final List<String> PREFERRED = List.of("SM", "ME", BOTH);

        /// The same without a memory that turned out to be none, or that is offered and then refused.
        public Offered without(String memory) {
            return new Offered(without(toRead, memory), without(toWrite, memory), without(toReceive, memory));
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
            var others = RECEIVED.stream()
                    .filter(memory -> toRead.contains(memory)
                            || choice.receive().filter(memory::equals).isPresent())
                    .filter(memory -> !(main.equals(BOTH) && IN_BOTH.contains(memory)));
            return Stream.concat(Stream.of(main), others).distinct().toList();
        }

        /// The three memories for `AT+CPMS=`: what is read must be where messages arrive, and the first
        /// preferred one that can be both is taken. [#BOTH] alone shows all where one of the two cannot be
        /// read by itself; where both can, nothing is gained by it. Empty if the modem offers no memory to
        /// read at all.
        public Optional<Choice> choose() {
            var arriving = new LinkedHashSet<>(toRead);
            arriving.retainAll(toReceive);
            var main = toRead.contains(BOTH) && !toRead.containsAll(IN_BOTH)
                    ? Optional.of(BOTH)
                    : first(arriving.isEmpty() ? toRead : arriving);
            return main.map(
                    memory -> new Choice(memory, alike(memory, toWrite).orElse(memory), alike(memory, toReceive)));
        }

        /// The memory itself if it is offered for another purpose too, else another that is.
        private static Optional<String> alike(String memory, Set<String> offered) {
            return offered.contains(memory) ? Optional.of(memory) : first(offered);
        }

        private static Optional<String> first(Set<String> offered) {
            return PREFERRED.stream()
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
            var fewest = receive.isPresent() ? named(read, write, receive.get()) : named(read, write);
            return Stream.of(fewest, named(read, write, receive.orElse(write)), named(read, read, read))
                    .distinct()
                    .toList();
        }

        /// The same for another memory to read from, with as few names as most modems need in front.
        public List<Command> toRead(String memory) {
            return Stream.of(named(memory), named(memory, write, receive.orElse(write)), named(memory, memory, memory))
                    .distinct()
                    .toList();
        }
    }

    /// The command that makes these the memories in use.
    public static Command named(String... memories) {
        return Command.of("AT+CPMS=\"" + String.join("\",\"", memories) + "\"");
    }

    /// Whether what lies in `memory` is shown by one of those `read` as well, in a place of another
    /// name.
    public static boolean isShownBy(List<String> read, String memory) {
        return !read.contains(memory)
                && switch (memory) {
                    case BOTH, "SM_P", "ME_P" ->
                        read.stream().anyMatch(Offered.IN_BOTH::contains) || read.contains(BOTH);
                    case "SM", "ME" -> read.contains(BOTH);
                    default -> false;
                };
    }

    /// How full a memory is.
    ///
    /// @param memory empty in the answer to `AT+CPMS=…`, which names none
    public record Usage(Optional<String> memory, int used, int total) {
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
        sets.addAll(List.of(Set.of(), Set.of(), Set.of()));
        return new Offered(sets.get(0), sets.get(1), sets.get(2));
    }

    /// The first memory of the answer to `AT+CPMS?` or `AT+CPMS=…`: the one that is read. Empty if no
    /// numbers came.
    public static Optional<Usage> usage(Final result) {
        for (var answer : result.answers()) {
            var fields = Lines.fields(answer.text());
            var named = Lines.number(fields.getFirst()).isEmpty();
            var used = Lines.number(Lines.field(fields, named ? 1 : 0));
            var total = Lines.number(Lines.field(fields, named ? 2 : 1));
            if (used.isPresent() && total.isPresent()) {
                return Optional.of(
                        new Usage(Optional.of(fields.getFirst()).filter(_ -> named), used.get(), total.get()));
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
            var named = Lines.number(fields.getFirst()).isEmpty();
            for (int i = named ? 2 : 1; i < fields.size(); i += named ? 3 : 2) {
                Lines.number(fields.get(i)).ifPresent(totals::add);
            }
        }
        return totals;
    }

    /// Whether a memory can be called that, in a command too: two letters, or a few more characters
    /// with some makes. A line that has lost or gained an octet on the way names none.
    public static boolean isName(String name) {
        return name.matches("[A-Z0-9_]{2,8}");
    }

    private static Set<String> names(String field) {
        return Arrays.stream(field.replaceAll("[()]", " ").split(",", -1))
                .map(String::strip)
                .filter(Cpms::isName)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
