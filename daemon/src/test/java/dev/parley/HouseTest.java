package dev.parley;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Holds the arrows between the packages: each knows only those in rows above its own. A new package
/// gets a row here, or the
/// first test fails.
@DisplayName("The house")
class HouseTest {

    /// The rows from the top down. Packages of one row do not know each other.
    private static final List<Set<String>> ROWS = List.of(
            Set.of("dev.parley.sms"),
            Set.of("dev.parley.at", "dev.parley.problem", "dev.parley.lock"),
            Set.of("dev.parley.link"),
            Set.of("dev.parley.modem", "dev.parley.smpp"),
            Set.of("dev.parley.store"),
            Set.of("dev.parley.person"),
            Set.of("dev.parley.event"),
            Set.of("dev.parley.line", "dev.parley.audit"),
            Set.of("dev.parley.account"),
            Set.of("dev.parley.contact", "dev.parley.oidc"),
            Set.of("dev.parley.conversation"),
            Set.of("dev.parley.reply"),
            Set.of("dev.parley.queue"),
            Set.of("dev.parley.inbox"),
            Set.of("dev.parley.webhook"),
            Set.of("dev.parley.http"),
            Set.of("dev.parley.config", "dev.parley.metrics"),
            Set.of("dev.parley"),
            Set.of("dev.parley.cli"));

    private static final JavaClasses PARLEY = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("dev.parley");

    @Test
    @DisplayName("every package has a row")
    void everyPackageHasARow() {
        var homeless = new TreeSet<String>();
        for (JavaClass type : PARLEY) {
            var here = type.getPackageName();
            if (!here.startsWith("dev.parley.sim") && ROWS.stream().noneMatch(row -> row.contains(here))) {
                homeless.add(here);
            }
        }
        assertEquals(Set.of(), homeless, "packages without a row in this test");
    }

    @Test
    @DisplayName("arrows go up only")
    void arrowsGoUpOnly() {
        for (int row = 0; row < ROWS.size(); row++) {
            for (String here : ROWS.get(row)) {
                var forbidden = ROWS.subList(row, ROWS.size()).stream()
                        .flatMap(Set::stream)
                        .filter(name -> !name.equals(here))
                        .toArray(String[]::new);
                noClasses()
                        .that()
                        .resideInAPackage(here)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(forbidden)
                        .allowEmptyShould(true)
                        .check(PARLEY);
            }
        }
    }

    @Test
    @DisplayName("codec and grammar are pure: no clock, no thread, no port, no logger")
    void codecAndGrammarArePure() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.parley.sms", "dev.parley.at")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.slf4j..",
                        "java.io..",
                        "java.net..",
                        "java.sql..",
                        "java.util.concurrent..",
                        "com.fazecast..")
                .check(PARLEY);
    }

    @Test
    @DisplayName("the daemon knows nothing of the simulated network")
    void theDaemonKnowsNothingOfTheSimulatedNetwork() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.parley.sim..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.parley.sim..")
                .check(PARLEY);
    }

    @Test
    @DisplayName("the simulated network knows of Parley the codec alone")
    void theSimulatedNetworkKnowsTheCodecAlone() {
        classes()
                .that()
                .resideInAPackage("dev.parley.sim..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("dev.parley.sms", "dev.parley.sim..")
                        .or(resideOutsideOfPackage("dev.parley..")))
                .allowEmptyShould(true)
                .check(PARLEY);
    }

    @Test
    @DisplayName("what waits in the simulated network is a platform thread")
    void theSimulatedNetworkHasNoVirtualThreads() {
        noClasses()
                .that()
                .resideInAPackage("dev.parley.sim..")
                .should()
                .callMethod(Thread.class, "ofVirtual")
                .orShould()
                .callMethod(Thread.class, "startVirtualThread", Runnable.class)
                .orShould()
                .callMethod(Executors.class, "newVirtualThreadPerTaskExecutor")
                .allowEmptyShould(true)
                .check(PARLEY);
    }

    @Test
    @DisplayName("links and configuration speak no SQL")
    void linksAndConfigurationSpeakNoSql() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.parley.modem", "dev.parley.smpp", "dev.parley.link", "dev.parley.config")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .check(PARLEY);
    }

    @Test
    @DisplayName("nothing above the links but config and the roots knows a kind of link")
    void nothingAboveAsksWhichKindALinkIs() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.parley.queue",
                        "dev.parley.inbox",
                        "dev.parley.line",
                        "dev.parley.http",
                        "dev.parley.metrics",
                        "dev.parley.conversation",
                        "dev.parley.reply",
                        "dev.parley.store",
                        "dev.parley.event",
                        "dev.parley.webhook")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.parley.modem", "dev.parley.smpp")
                .check(PARLEY);
    }

    @Test
    @DisplayName("there is one door to SQL")
    void oneDoorToSql() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.parley.store")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Statement.class)
                .because("dev.parley.store.Sql and Tx bind values and read rows")
                .check(PARLEY);
    }

    @Test
    @DisplayName("jsmpp has one part: the vocabulary of the SMPP link and the composing of its PDUs")
    void jsmppHasOnePart() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.parley.smpp", "dev.parley.sim..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jsmpp..")
                .check(PARLEY);
        noClasses()
                .that()
                .resideInAPackage("dev.parley.smpp")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jsmpp.session..", "org.jsmpp.extra..")
                .check(PARLEY);
    }

    @Test
    @DisplayName("the test sees the packages that it judges")
    void theTestSeesThePackages() {
        for (String name : List.of("dev.parley.sms", "dev.parley.link")) {
            assertTrue(PARLEY.stream().anyMatch(type -> type.getPackageName().equals(name)), name);
        }
    }
}
