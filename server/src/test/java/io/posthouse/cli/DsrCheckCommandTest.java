package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.dsr.Behind;
import io.posthouse.dsr.DsrChecker;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a check of servers of mode dsr tells people. */
class DsrCheckCommandTest {
  private final Shell shell;

  DsrCheckCommandTest(@TempDir Path directory) {
    shell = new Shell(directory);
  }

  @AfterEach
  void stop() {
    shell.close();
  }

  private int run(String... options) {
    return shell.run(words(options));
  }

  private static String[] words(String... options) {
    List<String> all = new ArrayList<>(List.of("dsr", "check", "-c", "f"));
    all.addAll(List.of(options));
    return all.toArray(new String[0]);
  }

  @Test
  void itSaysWhatWasSeenAndWhatIsWrong() {
    assertThat(run()).isEqualTo(1);

    assertThat(shell.err()).isEqualTo("checking MAIL, for 180 s at most\n");
    assertThat(shell.out())
        .startsWith(
            """
            MEMBER    OWN ADDRESS    MAC                ANSWER                     THROUGH THE VIP  ANSWER
            MAIL/ex1  10.77.0.21:25  02:77:00:00:00:21  220 mx \\x07\\x9b31m (2 ms)  10.77.0.100      connect timed out
            MAIL/ex2  10.77.0.22:25  02:77:00:00:00:22  220 mx \\x07\\x9b31m (2 ms)  10.77.0.100      220 mx \\x07\\x9b31m (2 ms)

            VIRTUAL SERVER  VIP          HERE               WHO ELSE ANSWERS FOR IT
            MAIL            10.77.0.100  on eth0, MTU 1500  not known

            vip-missing: MAIL/ex1 (critical)
              what     Its own address answers, and a SYN for 10.77.0.100 gets no answer: it does not have the VIP (or its firewall drops what is for it).
              clients  Those whom it is chosen for time out, although its monitors see it up.
              do       On 10.77.0.21 run what "posthouse dsr setup MAIL/ex1 -c FILE" prints, as root\
            """)
        .contains("\nnot-asked: MAIL (note)\n", "\nnote  Servers answer clients by themselves.")
        .endsWith("\n\n2 servers checked, 1 finding, 1 thing not known\n");
  }

  /** What is not known is not wrong. */
  @Test
  void oneMemberThatIsWellExitsWithZero() {
    assertThat(run("MAIL/ex2", "--client", "10.88.0.10")).isZero();

    assertThat(shell.out())
        .contains("MAIL/ex2", "note  This machine has no route to 10.88.0.10")
        .doesNotContain("MAIL/ex1")
        .endsWith("\n\n1 server checked, nothing found, 1 thing not known\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "MAIL/ex9", "MAIL/"})
  void aNameThatIsNoneIsWrongUsage(String which) {
    assertThat(run(which)).isEqualTo(2);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).contains("posthouse: there is no ");
  }

  @Test
  void aClientIsAnAddress() {
    assertThat(run("--client", "mail.contoso.com")).isEqualTo(2);
    assertThat(shell.err()).contains("client is not an IP address");
  }

  @Test
  void withoutThatModeThereIsNothingToCheck() {
    shell.house.dsr = new Other(shell.house.dsr, List.of(), () -> {});

    assertThat(run()).isEqualTo(2);
    assertThat(shell.err()).contains("no virtual server has mode dsr");
  }

  @Test
  void jsonIsOneObject() {
    assertThat(run("--json")).isEqualTo(1);

    JsonNode json = new JsonMapper().readTree(shell.out());
    assertThat(json.path("open").asInt()).isOne();
    assertThat(json.at("/virtual-servers/0/name").asString()).isEqualTo("MAIL");
    assertThat(json.at("/virtual-servers/0/members/0/through/0/outcome").asString())
        .isEqualTo("timed-out");
  }

  @Test
  void theGroupAloneIsWrongUsage() {
    assertThat(shell.run("dsr")).isEqualTo(2);
    assertThat(shell.err()).contains("setup or check?");
  }

  /** One check at a time; the second waits for the first. */
  @Test
  void itWaitsForAnother() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ends = new CountDownLatch(1);
    DsrChecker before = shell.house.dsr;
    shell.house.dsr =
        new Other(
            before,
            before.plan(),
            () -> {
              asked.countDown();
              try {
                ends.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    Thread other =
        Thread.ofVirtual()
            .start(() -> {
              PrintWriter nobody = new PrintWriter(Writer.nullWriter());
              assertThat(shell.run(nobody, nobody, words("MAIL/ex2"))).isZero();
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

    assertThat(run("MAIL/ex2")).isZero();

    assertThat(shell.err()).contains("another check is running; waiting for it");
  }

  /** The house's with another plan, and something that happens first. */
  private record Other(DsrChecker house, List<Behind> plan, Runnable first) implements DsrChecker {
    @Override
    public Checked check(String server, @Nullable String member, @Nullable InetAddress client) {
      first.run();
      return house.check(server, member, client);
    }
  }
}
