package io.posthouse;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The doors of the house: which room may see which. docs/architecture.md tells why.
 *
 * <p>Exceptions stand beside their rule, each with its reason; there is no other list of them.
 */
class ArchitectureTest {
  private static final String[] PURE = {
    "io.posthouse.model..",
    "io.posthouse.config..",
    "io.posthouse.balance..",
    "io.posthouse.persist..",
    "io.posthouse.policy..",
    "io.posthouse.edge..",
    "io.posthouse.rules..",
    "io.posthouse.health..",
    "io.posthouse.proxyprotocol..",
    "io.posthouse.ruleset..",
    "io.posthouse.audit..",
    "io.posthouse.report..",
    "io.posthouse.path..",
    "io.posthouse.irule..",
    "io.posthouse.dsr..",
    "io.posthouse.door.."
  };
  private static final String[] BYTE_ROOMS = {
    "io.posthouse.net..",
    "io.posthouse.relay..",
    "io.posthouse.switching..",
    "io.posthouse.backend..",
    "io.posthouse.probe..",
    "io.posthouse.kernel.."
  };
  private static final String[] PEOPLE_ROOMS = {
    "io.posthouse.admin..",
    "io.posthouse.metrics..",
    "io.posthouse.ledger..",
    "io.posthouse.store.."
  };

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("testkit"))
          .importPackages("io.posthouse");

  @Test
  void theWholeHouseIsLookedAt() {
    assertThat(HOUSE.size()).isGreaterThan(200);
    assertThat(rooms())
        .contains(
            "smtp", "model", "config", "balance", "persist", "policy", "rules", "health", "ruleset",
            "audit", "report", "path", "irule", "dsr", "door")
        .contains(
            "net",
            "relay",
            "switching",
            "backend",
            "probe",
            "kernel",
            "admin",
            "metrics",
            "ledger",
            "store")
        .contains("cli", "demo", "app")
        .doesNotContain("testkit");
  }

  @Test
  void smtpSeesNothingButTheLanguage() {
    check(
        classes()
            .that()
            .resideInAPackage("io.posthouse.smtp..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "io.posthouse.smtp..",
                "java.lang..",
                "java.util..",
                "java.time..",
                "java.nio.charset..",
                "org.jspecify.."));
  }

  @Test
  void coreSeesNoRoomOfTheServer() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.posthouse.net..",
                "io.posthouse.relay..",
                "io.posthouse.switching..",
                "io.posthouse.backend..",
                "io.posthouse.probe..",
                "io.posthouse.kernel..",
                "io.posthouse.admin..",
                "io.posthouse.metrics..",
                "io.posthouse.ledger..",
                "io.posthouse.store..",
                "io.posthouse.cli..",
                "io.posthouse.demo..",
                "io.posthouse.app.."));
  }

  @Test
  void coreHasNoInputAndNoOutput() {
    // Path is a value; nothing is opened by it.
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "java.io..", "java.nio.file..", "java.nio.channels..", "io.netty..")
                    .and(type(Path.class).negate()))
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(.*Socket.*|URL.*|http\\..*)"));
  }

  @Test
  void coreHasNoThreads() {
    // Caffeine asks for an executor, and gets one that runs on the caller's thread.
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                "java\\.lang\\.Thread.*|java\\.util\\.Timer.*"
                    + "|java\\.util\\.concurrent\\.(Executors|.*Service|.*Executor|CompletableFuture"
                    + "|ForkJoin.*|locks\\..*)"));
  }

  @Test
  void byteRoomsAndPeopleRoomsMeetOnlyInApp() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(BYTE_ROOMS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PEOPLE_ROOMS));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(PEOPLE_ROOMS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BYTE_ROOMS));
  }

  @Test
  void nettyIsForByteRooms() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(BYTE_ROOMS)
            .or()
            .resideInAPackage("io.posthouse.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty.."));
  }

  @Test
  void celIsForRules() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.posthouse.rules..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.cel..", "com.google.re2j.."));
  }

  /** relay sees backend, backend sees net, probe sees net: no arrow back, none beside. */
  @ParameterizedTest
  @CsvSource({
    "net, relay switching backend probe kernel",
    "backend, relay switching probe kernel",
    "probe, relay switching backend kernel",
    "relay, switching probe kernel",
    "switching, relay probe kernel",
    "kernel, net relay switching backend probe",
    "store, admin metrics ledger",
    "ledger, admin metrics store",
    "metrics, admin ledger store",
    "cli, net relay switching backend probe metrics ledger demo app",
    "demo, net relay switching backend probe admin metrics ledger store cli app",
    "model, config balance persist policy health door smtp",
    "policy, config balance health door",
    "edge, config balance health door smtp",
    "rules, config balance health door",
    "door, config balance persist smtp",
    "balance, config persist door",
    "persist, config balance policy door health",
    "health, config balance persist door",
    "proxyprotocol, smtp model config balance persist policy health door",
    "ruleset, model config balance persist health door smtp",
    "audit, config balance persist health door",
    "path, config balance persist door report",
    "report, config balance persist policy health door smtp",
    "irule, config balance persist health edge rules audit report path door smtp",
  })
  void arrowsPointOneWay(String room, String notSeen) {
    String others = "io\\.posthouse\\.(" + notSeen.replace(' ', '|') + ")(\\..*)?";
    check(
        noClasses()
            .that(resideInAPackage("io.posthouse." + room + ".."))
            .should()
            .dependOnClassesThat()
            .haveNameMatching(others));
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "app"})
  void onlyAppSees(String room) {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.posthouse.app..", "io.posthouse." + room + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.posthouse." + room + ".."));
  }

  @Test
  void roomsStandInNoCircle() {
    check(slices().matching("io.posthouse.(*)..").should().beFreeOfCycles());
  }

  @Test
  void timeAndThreadsComeFromOutside() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.posthouse.app..")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", java.time.Duration.class)
            .orShould()
            .callMethod(java.util.concurrent.TimeUnit.class, "sleep", long.class)
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.time.InstantSource.class, "system")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.Executors"));
  }

  @Test
  void namesSayWhatAThingIs() {
    check(
        noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Info")
            .orShould()
            .haveNameMatching(".*[a-z]Data")); // SMTP's DATA is a command, and called so.
    check(
        noClasses().should().haveNameMatching("(?i).*\\.[^.]*(upstream|downstream|frontend)[^.]*"));
  }

  @Test
  void everyRoomSaysWhatItIsForAndIsNullMarked() {
    List<String> bare =
        HOUSE.getDefaultPackage().getPackage("io.posthouse").getSubpackagesInTree().stream()
            .filter(room -> !room.getClasses().isEmpty())
            .filter(room -> !isNullMarked(room))
            .map(JavaPackage::getName)
            .toList();
    assertThat(bare).isEmpty();
  }

  private static boolean isNullMarked(JavaPackage room) {
    return room.tryGetPackageInfo().isPresent() && room.isAnnotatedWith(NullMarked.class);
  }

  private static Set<String> rooms() {
    Set<String> rooms = new TreeSet<>();
    HOUSE.forEach(each -> {
      String name = each.getPackageName().replaceFirst("^io\\.posthouse\\.?", "");
      rooms.add(name.replaceFirst("\\..*", ""));
    });
    return rooms;
  }

  private static void check(ArchRule rule) {
    rule.check(HOUSE);
  }
}
