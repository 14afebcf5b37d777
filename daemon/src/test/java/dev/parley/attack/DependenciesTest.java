package dev.parley.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What Parley is made of has no fault that is known, as far as that can be known without asking anybody:
/// `.ci/advisories.csv`
/// is that knowledge. And `NOTICE` names all of it.
class DependenciesTest {
    private static final Path ADVISORIES = Path.of("..", ".ci", "advisories.csv");

    /// Where Maven keeps a jar: its group, artifact and version are directories below the repository, wherever that is.
    private static final Pattern JAR = Pattern.compile("(.+)/([^/]+)/([^/]+)/\\2-\\3[^/]*\\.jar");

    /// Tools of the tests, which nobody gets.
    private static final List<String> TOOLS = List.of(
            "org.junit",
            "org.opentest4j",
            "org.apiguardian",
            "com.tngtech",
            "com.code-intelligence",
            "com.microsoft.playwright",
            "com.deque",
            "com.google.code.gson",
            "commons-codec");

    private record Library(String group, String artifact, String version) {
        String coordinates() {
            return group + ":" + artifact;
        }
    }

    private static List<Library> libraries() {
        var path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var jars = Stream.of(path.split(":", -1))
                .map(JAR::matcher)
                .filter(jar -> jar.matches() && !jar.group().contains("/dev/parley/"))
                .toList();
        // They are of so many groups that what all paths begin with is the repository.
        var repository = jars.stream().map(jar -> jar.group(1)).reduce((one, other) -> {
            int same = 0;
            while (same < Math.min(one.length(), other.length()) && one.charAt(same) == other.charAt(same)) {
                same++;
            }
            return one.substring(0, one.lastIndexOf('/', same - 1) + 1);
        });
        int root = repository.orElse("").length();
        return jars.stream()
                .map(jar -> new Library(jar.group(1).substring(root).replace('/', '.'), jar.group(2), jar.group(3)))
                .toList();
    }

    @Test
    void nothingOfItHasAFaultThatIsKnown() throws IOException {
        var libraries = libraries();
        assertTrue(libraries.size() > 40, libraries.toString());
        var versions = new TreeMap<String, String>();
        libraries.forEach(each -> versions.put(each.coordinates(), each.version()));
        var faulty = new TreeSet<String>();
        for (var line : Files.readAllLines(ADVISORIES)) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            var cells = line.split(",", -1);
            assertEquals(4, cells.length, line);
            var used = versions.get(cells[0]);
            if (used != null && compare(used, cells[1]) < 0 && cells[3].isBlank()) {
                faulty.add(cells[0] + " " + used + ": " + cells[2] + ", mended in " + cells[1]);
            }
        }
        assertEquals(new TreeSet<>(), faulty);
    }

    @ParameterizedTest
    @CsvSource({
        "1.5.38, 1.5.19, 1",
        "1.9, 1.10, -1",
        "4.2.20.Final, 4.2.4.Final, 1",
        "2.0, 2.0.0, 0",
        "3.0.0-rc1, 3.0.0, -1"
    })
    void versionsAreComparedByTheirNumbers(String one, String other, int order) {
        assertEquals(order, Integer.signum(compare(one, other)));
    }

    /// A version before another; what has a word behind its numbers is before the same without, `Final` excepted.
    private static int compare(String one, String other) {
        var a = numbers(one);
        var b = numbers(other);
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            int order = Integer.compare(i < a.size() ? a.get(i) : 0, i < b.size() ? b.get(i) : 0);
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(isEarly(other), isEarly(one));
    }

    private static List<Integer> numbers(String version) {
        return Arrays.stream(version.split("[-A-Za-z]", 2)[0].split("\\.", -1))
                .filter(part -> !part.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    private static boolean isEarly(String version) {
        return version.matches("(?i).*[.-](alpha|beta|m|rc|cr)[.-]?[0-9]*");
    }

    @Test
    void theNoticeNamesAllThatIsPacked() throws IOException {
        var notice = Files.readString(Path.of("..", "NOTICE"));
        var unnamed = libraries().stream()
                .map(Library::group)
                .filter(group -> TOOLS.stream().noneMatch(group::startsWith))
                .filter(group -> !notice.contains("(" + group + ")")
                        && !notice.contains("(" + group + ",")
                        && !notice.contains(", " + group + ")"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(), unnamed);
    }
}
