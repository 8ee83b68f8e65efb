package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.path.PathTester;
import java.io.PrintWriter;
import java.io.Writer;
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

/** What a path test tells people. */
class PathCommandTest {
  private final Shell shell;

  PathCommandTest(@TempDir Path directory) {
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
    List<String> all = new ArrayList<>(List.of("path", "-c", "f"));
    all.addAll(List.of(options));
    return all.toArray(new String[0]);
  }

  @Test
  void itSaysWhatWasTriedAndWhatIsWrong() {
    assertThat(run()).isEqualTo(1);

    assertThat(shell.err()).isEqualTo("trying 4 ways to hub, for 120 s at most\n");
    assertThat(shell.out())
        .startsWith(
            """
            VIRTUAL SERVER  LISTEN          LISTENING  ADDRESS  CONNECT FROM HERE
            SMTP_VS         127.0.0.1:2525  yes        on lo    2 ms
            OTHER           127.0.0.1:2525  yes        on lo    2 ms

            CONNECT FROM HERE says that the kernel of this machine takes connections there, and no more: no greeting was waited for, and no packet of a client was seen.

            MEMBER   ADDRESS       FROM           FOR                                         CONNECT            GREETING
            hub/ex1  10.1.1.21:25  automap        this machine, relay by rule big on SMTP_VS  2 ms               220 mx \\x07\\x9b31m (2 ms)
            hub/ex1  10.1.1.21:25  172.16.51.174  relay on SMTP_VS                            connect timed out  -
            hub/ex2  10.1.1.22:25  automap        this machine, relay by rule big on SMTP_VS  2 ms               220 mx \\x07\\x9b31m (2 ms)
            hub/ex2  10.1.1.22:25  172.16.51.174  relay on SMTP_VS                            2 ms               220 mx \\x07\\x9b31m (2 ms)

            no-way-back: hub/ex1 at 10.1.1.21:25 from 172.16.51.174
              what  Nothing came back to 172.16.51.174 within 5 s, while connections from automap are answered.\
            """)
        .contains("\n  do    On 10.1.1.21: \"ip route get 172.16.51.174\"")
        .endsWith("\n\n1 finding\n");
  }

  @Test
  void oneMemberThatIsWellIsSilence() {
    assertThat(run("hub/ex2")).isZero();

    assertThat(shell.err()).isEqualTo("trying 2 ways to hub/ex2, for 120 s at most\n");
    assertThat(shell.out())
        .contains("SMTP_VS", "hub/ex2")
        .doesNotContain("hub/ex1", "OTHER")
        .endsWith("\n\nnothing found\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hup", "hub/ex9", "hub/"})
  void aNameThatIsNoneIsWrongUsage(String which) {
    assertThat(run(which)).isEqualTo(2);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).endsWith("posthouse: there is no " + which.substring(0, 3) + "\n");
  }

  @Test
  void jsonIsOneObject() {
    assertThat(run("--json")).isEqualTo(1);

    JsonNode json = new JsonMapper().readTree(shell.out());
    assertThat(json.path("open").asInt()).isOne();
    assertThat(json.at("/virtual-servers/0/addresses/0/listening").asBoolean()).isTrue();
    assertThat(json.at("/ways").size()).isEqualTo(4);
    assertThat(json.at("/ways/1/outcome").asString()).isEqualTo("timed-out");
    assertThat(json.at("/ways/1/source").asString()).isEqualTo("172.16.51.174");
    assertThat(json.at("/findings/0/finding").asString()).isEqualTo("no-way-back");
  }

  /** One test at a time; the second waits for the first. */
  @Test
  void itWaitsForAnother() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ends = new CountDownLatch(1);
    PathTester before = shell.house.paths;
    shell.house.paths =
        new PathTester() {
          @Override
          public Plan plan() {
            return before.plan();
          }

          @Override
          public Members members(String pool, @Nullable String member) {
            asked.countDown();
            try {
              ends.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return before.members(pool, member);
          }

          @Override
          public Vips server(String name) {
            return before.server(name);
          }
        };
    Thread other =
        Thread.ofVirtual()
            .start(() -> {
              PrintWriter nobody = new PrintWriter(Writer.nullWriter());
              assertThat(shell.run(nobody, nobody, words("hub/ex2"))).isZero();
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

    assertThat(run("hub/ex2")).isZero();

    assertThat(shell.err()).contains("another path test is running; waiting for it");
  }

  @Test
  void whatWasFoundBeforeAFailureIsToldToo() {
    PathTester before = shell.house.paths;
    shell.house.paths =
        new PathTester() {
          @Override
          public Plan plan() {
            return before.plan();
          }

          @Override
          public Members members(String pool, @Nullable String member) {
            throw new IllegalStateException("a bug");
          }

          @Override
          public Vips server(String name) {
            return before.server(name);
          }
        };

    assertThat(run()).isEqualTo(1);

    assertThat(shell.out()).contains("SMTP_VS         127.0.0.1:2525  yes");
    assertThat(shell.err()).contains("posthouse: ");
  }
}
