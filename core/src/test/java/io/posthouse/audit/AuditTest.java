package io.posthouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile;
import io.posthouse.model.FindingKind;
import io.posthouse.model.Spelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits, methods, weights, probes; what is accepted; and what holds for every finding. */
class AuditTest {
  /** A file with every finding that reading it can find. */
  private static final String BAD =
      """
      version: 1
      data-groups:
        devices: [172.16.51.21]
        world: [0.0.0.0/0]
        ours: { type: domain, values: [contoso.com] }
      client-classes:
        relay: { from: devices, relay: any, persistence: source-address }
        in.ternet: { from: any, relay: ours }
        all: { from: [world], relay: any, limits: { connections: 500 } }
      monitors:
        slow: { type: smtp, interval: 120s }
      pools:
        hub.eu:
          monitors: slow
          balance: source-hash
          members:
            ex1: { address: 10.1.1.21:25, weight: 2, priority: 5, max-connections: 40000 }
            ex2: { address: 10.1.1.22:25, weight: 2, priority: 5 }
        small: { members: { ex3: { address: 10.1.1.23:25, max-connections: 10 } } }
      virtual-servers:
        MAIL: { listen: 172.16.51.174:25, pool: hub.eu, classes: [relay, in.ternet] }
        NONE: { listen: 172.16.51.176:25, pool: hub.eu, persistence: { timeout: 5m } }
        TCP: { listen: 172.16.51.177:25, mode: tcp, pool: small, classes: [in.ternet], believe: { proxy: world } }
        ALL: { listen: 172.16.51.178:25, mode: tcp, pool: small, classes: [all] }
      """;

  @Test
  void everyKindIsFound() {
    assertThat(AuditedFile.of(BAD).audit().findings())
        .extracting(Finding::kind)
        .contains(
            java.util.Arrays.stream(FindingKind.values())
                .filter(kind -> !kind.isLive())
                .toArray(FindingKind[]::new));
  }

  @Test
  void everyFindingSaysWhereWhatAndWhatToDo() {
    AuditedFile file = AuditedFile.of(BAD);
    Map<String, Integer> subjects = new TreeMap<>();
    for (Finding each : file.audit().findings()) {
      assertThat(file.lines().of(each.key())).as(each.toString()).isGreaterThan(1);
      for (String text : List.of(each.problem(), each.harm(), each.remedy())) {
        assertThat(text).as(each.toString()).endsWith(".").doesNotContain("  ", "null", "%");
      }
      subjects.merge(each.kind() + " " + each.subject(), 1, Integer::sum);
    }
    assertThat(subjects.values()).as("subjects are unique").containsOnly(1);
  }

  @Test
  void everyKindHasItsRowInThePage() throws IOException {
    String page = Files.readString(Path.of("../docs/features/audit.md"));

    for (FindingKind kind : FindingKind.values()) {
      assertThat(page).contains("\n| `" + Spelled.of(kind) + "` | ");
    }
  }

  @Test
  void theWorstOfAHeadingIsFirst() {
    List<Finding> all = AuditedFile.of(BAD).audit().findings();

    assertThat(all)
        .isSortedAccordingTo(
            java.util.Comparator.comparing(Finding::heading).thenComparing(Finding::severity));
  }

  @Test
  void keysWithDotsInNamesHaveALine() {
    assertThat(AuditedFile.of(BAD).audit().findings())
        .extracting(Finding::key)
        .contains("pools.\"hub.eu\".balance", "client-classes.\"in.ternet\".snat");
    assertThat(AuditedFile.of(BAD).lines().of("pools.\"hub.eu\".balance")).isEqualTo(15);
    assertThat(AuditedFile.of(BAD).lines().of("client-classes.\"in.ternet\".snat")).isEqualTo(8);
    assertThat(AuditedFile.of(BAD).lines().of("nothing.here")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pool: hub | pool: hub\\n    persistence: { timeout: 3m } | MEDIUM SOURCE_PERSISTENCE MAIL
          from: any, | from: any, persistence: source-address, | MEDIUM SOURCE_PERSISTENCE internet
          monitors: deep | monitors: deep\\n    balance: source-hash | LOW SOURCE_HASH hub
          ex2: 10.1.1.22:25 | ex2: { address: 10.1.1.22:25, weight: 2 } | -
          ex2: 10.1.1.22:25 | ex2: { address: 10.1.1.22:25, weight: 2, priority: 10 } | LOW WEIGHTS_WITHOUT_EFFECT hub
          10.1.1.22:25 } | { address: 10.1.1.22:25, weight: 2, priority: 10 }}\\n    min-active: 2 | LOW PRIORITIES_WITHOUT_EFFECT hub
          ex2: 10.1.1.22:25 | ex2: { address: 10.1.1.22:25, priority: 10 } | -
          type: smtp | type: smtp\\n    interval: 61s | LOW SLOW_PROBE deep
          type: smtp | type: smtp\\n    interval: 60s | -
          monitors: deep | monitors: [] | LOW SHALLOW_PROBE hub
          , outside: probe@example.net | | LOW SHALLOW_PROBE hub
          depth: recipient | depth: starttls | MEDIUM SHALLOW_PROBE hub
          depth: recipient | depth: sender | -
          monitors: deep | monitors: [deep, alive] | -
          monitors: deep | monitors: alive | MEDIUM SHALLOW_PROBE hub
          ex2: 10.1.1.22:25 | ex2: { address: 10.1.1.22:25, monitors: alive } | MEDIUM SHALLOW_PROBE hub
          ex2: 10.1.1.22:25 | ex2: { address: 10.1.1.22:25, max-connections: 28232 } | -
          ex2: 10.1.1.22:25 | ex2: { address: 10.1.1.22:25, max-connections: 28233 } | MEDIUM SOURCE_PORTS hub/ex2
          """)
  void findsThisAndNothingElse(String part, String replacement, String found) {
    String other = replacement == null ? "" : replacement.translateEscapes();
    AuditedFile file =
        AuditedFile.with(part, other, "monitors:\n", "monitors:\n  alive: { type: tcp }\n");

    assertThat(file.found()).isEqualTo(found.equals("-") ? List.of() : List.of(found));
  }

  @Test
  void aProgramMayAskAsDeepAsItWants() {
    assertThat(
            AuditedFile.with(
                    "monitors:\n", "monitors:\n  own: { type: exec, command: [/bin/true] }\n",
                    "monitors: deep", "monitors: own")
                .found())
        .isEmpty();
  }

  @Test
  void equalWeightsAndOnePriorityGroupAreForNothing() {
    assertThat(
            AuditedFile.with(
                    "ex1: 10.1.1.21:25, ex2: 10.1.1.22:25",
                    "ex1: { address: 10.1.1.21:25, weight: 9, priority: 5 }, ex2: { address:"
                        + " 10.1.1.22:25, weight: 9, priority: 5 }")
                .found())
        .containsExactly("LOW WEIGHTS_WITHOUT_EFFECT hub", "LOW PRIORITIES_WITHOUT_EFFECT hub");
  }

  @Test
  void persistenceBeforeOneMemberChangesNothing() {
    assertThat(
            AuditedFile.with(
                    "pool: hub", "pool: hub\n    persistence: { timeout: 3m }",
                    ", ex2: 10.1.1.22:25", "")
                .found())
        .isEmpty();
  }

  @Test
  void theFewAddressesOfAGatewayAreTold() {
    AuditedFile file = AuditedFile.with("from: devices,", "from: devices, persistence: {},");

    assertThat(file.finding().problem()).contains("relay has 2 entries");
  }

  @ParameterizedTest
  @CsvSource({"20, 0, false", "21, 0, true", "0, 21, true", "0, 0, false", "30, 15, false"})
  void whoeverIsLetInFindsAMember(int ofServer, int ofClass, boolean found) {
    AuditedFile file =
        AuditedFile.with(
            "ex1: 10.1.1.21:25, ex2: 10.1.1.22:25",
            "ex1: { address: 10.1.1.21:25, max-connections: 10 }, ex2: { address: 10.1.1.22:25,"
                + " max-connections: 10 }",
            "[relay, internet]",
            "relay\n    mode: tcp\n    max-connections: " + ofServer,
            "from: devices,",
            "from: devices, limits: { connections: " + ofClass + " },");

    assertThat(file.found()).isEqualTo(found ? List.of("LOW MEMBER_LIMIT MAIL to hub") : List.of());
  }

  private static final String ACCEPTED =
      """
      version: 1
      audit:
        accept:
          - { finding: source-hash, of: hub, reason: "an old device" }
      """;

  @Test
  void whatIsMeantStaysListedWithItsReason() {
    Audit audit =
        AuditedFile.with(
                "version: 1\n",
                ACCEPTED,
                "monitors: deep",
                "monitors: deep\n    balance: source-hash")
            .audit();

    assertThat(audit.findings()).extracting(Finding::accepted).containsExactly("an old device");
    assertThat(audit.open()).isEmpty();
    assertThat(audit.stale()).isEmpty();
  }

  /** Reading a file does not look for it. */
  @Test
  void anAcceptanceOfWhatOnlyRunsIsNotStale() {
    String live = ACCEPTED.replace("source-hash", "member-relays");

    assertThat(AuditedFile.with("version: 1\n", live).audit().stale()).isEmpty();
  }

  @Test
  void anAcceptanceIsForItsOwnSubjectOnly() {
    Audit audit =
        AuditedFile.with(
                "version: 1\n",
                ACCEPTED.replace("of: hub", "of: hob"),
                "monitors: deep",
                "monitors: deep\n    balance: source-hash")
            .audit();

    assertThat(audit.open()).hasSize(1);
    assertThat(audit.stale()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          reason: "an old device" | reason: " " | t.yaml:4:48: error: audit.accept[0].reason: is empty; say why
          finding: source-hash | finding: source-hush | did you mean source-hash?
          , reason: "an old device" | | has no reason; add it
          - { finding | - { finding: source-hash, of: hub, reason: twice }\\n    - { finding | is accepted twice; remove one
          """)
  void saysWhatIsWrongWithAnAcceptance(String part, String replacement, String message) {
    String other = replacement == null ? "" : replacement.translateEscapes();
    String text = AuditedFile.CLEAN.replace("version: 1\n", ACCEPTED.replace(part, other));

    assertThat(ConfigFile.read("t.yaml", text).problems())
        .singleElement()
        .asString()
        .contains(message);
  }
}
