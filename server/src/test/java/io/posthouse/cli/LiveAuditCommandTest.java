package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.admin.AuditJson;
import io.posthouse.audit.Audit;
import io.posthouse.audit.Finding;
import io.posthouse.audit.LiveAuditor;
import io.posthouse.audit.Severity;
import io.posthouse.door.BadQuestionException;
import io.posthouse.model.AuditSettings.Acceptance;
import io.posthouse.model.FindingKind;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a live audit adds to that of the file, and what is left when what runs cannot be asked. */
class LiveAuditCommandTest {
  private static final Finding OF_FILE =
      finding(FindingKind.SOURCE_HASH, Severity.LOW, "hub", "pools.hub.balance").atLine(9);

  private final List<Acceptance> meant = new ArrayList<>();
  private final Shell shell;

  LiveAuditCommandTest(@TempDir Path directory) {
    shell = new Shell(directory);
    shell.audits =
        file ->
            new ClientContext.Audited(
                AuditJson.of(new Audit(List.of(OF_FILE), List.of()), List.of()),
                key -> key.startsWith("client-classes.internet") ? 7 : 0,
                meant);
  }

  private static Finding finding(FindingKind kind, Severity severity, String of, String key) {
    return Finding.of(kind, severity, of, key, "The problem.", "The harm.", "The remedy.");
  }

  @AfterEach
  void stop() {
    shell.close();
  }

  private int run(String... options) {
    return shell.run(words(options));
  }

  private static String[] words(String... options) {
    List<String> all = new ArrayList<>(List.of("audit", "-c", "f"));
    all.addAll(List.of(options));
    return all.toArray(new String[0]);
  }

  /** What runs says this of a target; or a refusal, where there is no finding. */
  private void says(String name, Finding... found) {
    LiveAuditor before = shell.house.auditor;
    shell.house.auditor =
        new LiveAuditor() {
          @Override
          public Plan plan() {
            List<String> targets = new ArrayList<>(before.plan().targets());
            targets.add(name);
            return new Plan(targets, List.of("relay on MAIL may send to anywhere"));
          }

          @Override
          public Answers ask(String asked, String recipient) {
            if (!asked.equals(name)) {
              return before.ask(asked, recipient);
            } else if (found.length == 0) {
              throw new BadQuestionException("<b@ours.example> is no stranger; name another");
            }
            return new Answers(new Audit(List.of(found), List.of()), List.of());
          }
        };
  }

  @Test
  void theWorstComesFirstWithItsLineAndTheFindingsOfTheFileStay() {
    says("a", finding(FindingKind.NOT_TESTED, Severity.LOW, "a", "pools.hub.members.ex1"));
    says(
        "b",
        finding(FindingKind.RELAYS_FOR_CLASS, Severity.HIGH, "b", "client-classes.internet.relay"));

    assertThat(run("--live")).isEqualTo(1);

    assertThat(shell.out().lines())
        .containsSubsequence(
            "RELAY: who may send to whom",
            "HIGH  relays-for-class of \"b\"  (line 7, client-classes.internet.relay)",
            "LOW  not-tested of \"a\"",
            "METHOD: how work is spread",
            "LOW  source-hash of \"hub\"  (line 9, pools.hub.balance)",
            "not asked: relay on MAIL may send to anywhere",
            "3 findings");
    assertThat(shell.err())
        .contains("asking 2 of 3, for 5 min at most: a", "asking 3 of 3, for 5 min at most: b");
  }

  @Test
  void aRefusalLosesNoFindingAndSaysWhatToDo() {
    says("a");
    says("b", finding(FindingKind.MEMBER_RELAYS, Severity.HIGH, "b", ""));

    assertThat(run("--live")).isEqualTo(1);

    assertThat(shell.out().lines())
        .containsSubsequence(
            "HIGH  member-relays of \"b\"",
            "LOW  not-tested of \"a\"",
            "  what  It could not be asked: <b@ours.example> is no stranger; name another",
            "LOW  source-hash of \"hub\"  (line 9, pools.hub.balance)",
            "3 findings");
  }

  @Test
  void anAuditWaitsForAnotherAndThenAsks() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ends = new CountDownLatch(1);
    LiveAuditor before = shell.house.auditor;
    shell.house.auditor =
        new LiveAuditor() {
          @Override
          public Plan plan() {
            return before.plan();
          }

          @Override
          public Answers ask(String target, String recipient) {
            asked.countDown();
            try {
              ends.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return before.ask(target, recipient);
          }
        };
    Thread other =
        Thread.ofVirtual()
            .start(() -> {
              PrintWriter nobody = new PrintWriter(Writer.nullWriter());
              assertThat(shell.run(nobody, nobody, words("--live"))).isEqualTo(1);
            });
    asked.await();
    shell.whileWaiting.add(() -> {
      ends.countDown();
      try {
        other.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });

    assertThat(run("--live", "--json")).isEqualTo(1);

    assertThat(shell.err()).contains("another audit is asking; waiting for it");
    JsonNode json = new JsonMapper().readTree(shell.out());
    assertThat(json.at("/asked/0/tried/0/outcome").asString()).isEqualTo("refused");
  }

  @Test
  void jsonHasWhatWasAskedAndWhatFailed() {
    says("a");

    assertThat(run("--live", "--json")).isEqualTo(1);

    JsonNode json = new JsonMapper().readTree(shell.out());
    assertThat(json.path("open").asInt()).isEqualTo(2);
    assertThat(json.at("/asked/0/tried/0/outcome").asString()).isEqualTo("refused");
    assertThat(json.at("/asked/1/failed").asString()).contains("no stranger");
    assertThat(json.at("/notes/0").asString()).contains("relay on MAIL");
  }

  @Test
  void whenNothingRunsTheFileIsToldAllTheSame() throws Exception {
    shell.target();
    shell.close();

    assertThat(run("--live")).isEqualTo(1);

    assertThat(shell.err()).contains("nothing answers at");
    assertThat(shell.out()).contains("source-hash of \"hub\"", "1 finding");
  }

  /** What nobody looked for is not gone. */
  @Test
  void anAcceptanceOfWhatOnlyRunsIsStaleOnlyWhenItWasAsked() {
    meant.add(new Acceptance(FindingKind.MEMBER_RELAYS, "gone", "known"));
    meant.add(new Acceptance(FindingKind.RELAYS_FOR_CLASS, "a", "known"));
    says("a", finding(FindingKind.NOT_TESTED, Severity.LOW, "a", ""));

    run();
    assertThat(shell.out()).doesNotContain("not found any more");
    run("--live");
    assertThat(shell.out().lines())
        .filteredOn(line -> line.contains("not found any more"))
        .containsExactly(
            "audit.accept has member-relays of \"gone\", which is not found any more; remove it");
  }

  @ParameterizedTest
  @CsvSource({
    "--exchange --live, leave --live out",
    "--recipient b@example.net, add --live",
    "--live --recipient nobody, takes a plain address such as relaytest@example.net"
  })
  void optionsThatDoNotGoTogetherSayWhatDoes(String options, String remedy) {
    assertThat(run(options.split(" "))).isEqualTo(2);

    assertThat(shell.out()).isEqualTo("");
    assertThat(shell.err()).contains(remedy);
  }
}
