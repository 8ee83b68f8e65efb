package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.admin.AuditJson;
import io.posthouse.audit.Audit;
import io.posthouse.audit.Finding;
import io.posthouse.audit.Severity;
import io.posthouse.model.AuditSettings.Acceptance;
import io.posthouse.model.FindingKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people and programs are told of an audit. */
class AuditCommandTest {
  private static final Finding OPEN =
      Finding.of(
              FindingKind.SHARED_SOURCE,
              Severity.HIGH,
              "internet with relay",
              "client-classes.internet.snat",
              "They share an address.",
              "An open relay.",
              "Give it an address.")
          .withCommands(List.of("New-ReceiveConnector -Name A", "Set-ReceiveConnector B"))
          .atLine(12);
  private static final Finding MEANT =
      Finding.of(
              FindingKind.SOURCE_HASH,
              Severity.LOW,
              "hub",
              "pools.hub.balance",
              "It hashes.",
              "Uneven.",
              "Do not.")
          .withCommands(List.of("nobody needs them now"))
          .accepted("an old device \u001b[31m");

  private Audit audit = new Audit(List.of(), List.of());
  private final Shell shell;

  AuditCommandTest(@TempDir Path directory) {
    shell = new Shell(directory);
    shell.targets =
        file -> {
          throw new AssertionError("the file is not asked for a running Posthouse");
        };
    shell.audits =
        file -> {
          if (file.toString().equals("bad.yaml")) {
            throw CommandFailure.usage("bad.yaml does not exist");
          }
          return new ClientContext.Audited(
              AuditJson.of(audit, List.of("New-ReceiveConnector -Name A")),
              key -> key.startsWith("client-classes.internet") ? 12 : 0,
              List.of());
        };
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "audit";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return shell.run(all);
  }

  @Test
  void saysWhatIsWrongWhatComesOfItAndWhatToDo() {
    audit =
        new Audit(
            List.of(OPEN, MEANT),
            List.of(new Acceptance(FindingKind.NO_LIST, "GONE", "it was meant")));

    assertThat(run("-c", "f")).isEqualTo(1);
    assertThat(shell.out())
        .isEqualTo(
            """
            SNAT: the addresses that members see

            HIGH  shared-source of "internet with relay"  (line 12, client-classes.internet.snat)
              what  They share an address.
              so    An open relay.
              do    Give it an address.
              with  Exchange as members, in its Management Shell:
                New-ReceiveConnector -Name A
                Set-ReceiveConnector B

            METHOD: how work is spread

            accepted  source-hash of "hub"
              what   It hashes.
              meant  an old device \u241b[31m

            audit.accept has no-list of "GONE", which is not found any more; remove it
            1 finding, and 1 accepted
            """);
  }

  @Test
  void nothingButWhatIsMeantIsGood() {
    audit = new Audit(List.of(MEANT), List.of());

    assertThat(run("-c", "f")).isZero();
    assertThat(shell.out()).endsWith("nothing found, and 1 accepted\n");
  }

  @Test
  void aTerminalGetsLinesThatFitIt() {
    audit = new Audit(List.of(OPEN.withCommands(List.of("C".repeat(90)))), List.of());
    shell.columns = 60;

    run("-c", "f");

    assertThat(shell.out().lines().filter(line -> line.startsWith("  ")))
        .as("but for commands, which are copied")
        .allMatch(line -> line.length() <= 60 || line.contains("CCC"))
        .anyMatch(line -> line.equals("    " + "C".repeat(90)));
  }

  @Test
  void exchangeIsToldWhatItNeedsAndNothingElse() {
    audit = new Audit(List.of(OPEN), List.of());

    assertThat(run("--exchange", "-c", "f")).isZero();
    assertThat(shell.out()).isEqualTo("New-ReceiveConnector -Name A\n");
  }

  @Test
  void jsonHasAllOfIt() {
    audit = new Audit(List.of(OPEN, MEANT), List.of());

    assertThat(run("--json", "-c", "f")).isEqualTo(1);
    JsonNode json = new JsonMapper().readTree(shell.out());
    assertThat(json.path("open").asInt()).isEqualTo(1);
    JsonNode first = json.path("findings").path(0);
    assertThat(first.path("finding").asString()).isEqualTo("shared-source");
    assertThat(first.path("of").asString()).isEqualTo("internet with relay");
    assertThat(first.path("severity").asString()).isEqualTo("high");
    assertThat(first.path("heading").asString()).isEqualTo("snat");
    assertThat(first.path("line").asInt()).isEqualTo(12);
    assertThat(first.path("commands").size()).isEqualTo(2);
    assertThat(first.has("accepted")).isFalse();
    assertThat(json.path("findings").path(1).path("accepted").asString()).startsWith("an old");
  }

  @Test
  void aFileThatCannotBeReadIsWrongUsage() {
    assertThat(run("-c", "bad.yaml")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(shell.err()).contains("bad.yaml does not exist", "Name it with -c FILE");
    assertThat(shell.out()).isEqualTo("");
  }
}
