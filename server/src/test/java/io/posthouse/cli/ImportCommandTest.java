package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.irule.IruleLint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people and programs are told of iRules. */
class ImportCommandTest {
  private static final String OLD =
      """
      when CLIENT_ACCEPTED {
          if { [matchclass [IP::client_addr] equals $::smtp_relay_allowed] } {
              snat 172.16.51.174
          } else {
              snat automap
          }
      }
      """;

  private final Shell shell;
  private final Path directory;
  private final Path file;

  ImportCommandTest(@TempDir Path directory) {
    shell = new Shell(directory);
    shell.targets =
        any -> {
          throw new AssertionError("no running Posthouse is asked");
        };
    this.directory = directory;
    file = directory.resolve("rule.tcl");
  }

  private int lint(String text, String... more) throws IOException {
    Files.writeString(file, text);
    String[] words = new String[more.length + 4];
    words[0] = "import";
    words[1] = "f5";
    words[2] = "--lint";
    words[3] = file.toString();
    System.arraycopy(more, 0, words, 4, more.length);
    return shell.run(words);
  }

  @Test
  void saysWhatIsWrongWhereAndWhatSaysTheSame() throws IOException {
    assertThat(lint(OLD)).isEqualTo(1);
    assertThat(shell.out().replace(file.toString(), "rule.tcl"))
        .isEqualTo(
            """
            rule.tcl:2:11: warning: no-guard
              what  nobody has asked whether the list "smtp_relay_allowed" exists; if not, the rule stops with an error at run time and the client is reset
              do    Write [class exists smtp_relay_allowed] && before it; or see to it that the list exists.

            rule.tcl:2:11: warning: old-command
              what  matchclass is out of date since version 10
              do    Write class match ITEM equals LIST.

            rule.tcl:2:47: error: global-list
              what  "$::smtp_relay_allowed" names a list as versions before 9.4.4 did: versions 9.4.4 to 10 bind the virtual server to one core, version 11 and later stop with an error at run time and reset the client
              do    Write smtp_relay_allowed in place of $::smtp_relay_allowed.

            COMMAND     LINE  IN POSTHOUSE
            matchclass  2     data-groups, and from of a client class; a list that is missing is an error of check (docs/features/classes.md)
            snat        3     snat of a client class: automap, an address, a SNAT pool or none (docs/features/source-addresses.md)

            THE SAME IN POSTHOUSE
            # Beside pools and a virtual server that says:
            #   classes: [smtp_relay_allowed, everybody-else]
            # OPEN RELAY: relay: server lets the members decide by the address that they see. If they let
            # that of snat relay, so may every client of the class: write a domain list, none, or any for
            # those that you trust; posthouse audit says what is open.
            data-groups:
              smtp_relay_allowed: { file: smtp_relay_allowed.txt }    # its entries are not here: one a line
            client-classes:
              smtp_relay_allowed:
                from: [smtp_relay_allowed]
                relay: server    # the members decide, as with the rule: narrow it
                snat: 172.16.51.174
              everybody-else:
                from: [any]
                relay: server    # the members decide, as with the rule: narrow it
                snat: automap

            1 error, 2 warnings
            """);
  }

  @Test
  void whatIsNotUnderstoodIsNoConfigurationAndSaysWhy() throws IOException {
    assertThat(lint("when CLIENT_ACCEPTED {\n  snat none\n  TCP::notify\n}")).isZero();
    assertThat(shell.out())
        .contains(
            "rule.tcl:2:3: note: snat-none",
            "no configuration is printed:",
            "rule.tcl:3:3: \"TCP::notify\"",
            "1 note")
        .doesNotContain("THE SAME");
  }

  @Test
  void jsonHasAllOfIt() throws IOException {
    assertThat(lint(OLD, "--json")).isEqualTo(1);
    JsonNode json = new JsonMapper().readTree(shell.out());
    assertThat(json.path("wrong").asBoolean()).isTrue();
    JsonNode rule = json.path("rules").path(0);
    JsonNode last = rule.path("findings").path(2);
    assertThat(last.path("finding").asString()).isEqualTo("global-list");
    assertThat(last.path("severity").asString()).isEqualTo("error");
    assertThat(last.path("line").asInt()).isEqualTo(2);
    assertThat(last.path("column").asInt()).isEqualTo(47);
    assertThat(last.path("problem").asString()).contains("one core");
    assertThat(last.path("change").asString()).startsWith("Write");
    assertThat(rule.path("counterparts").path(1).path("page").asString())
        .endsWith("source-addresses.md");
    assertThat(rule.path("yaml").asString()).contains("client-classes:\n");

    shell.clear();
    assertThat(lint("when CLIENT_ACCEPTED { eval $x }", "--json")).isZero();
    JsonNode other = new JsonMapper().readTree(shell.out()).path("rules").path(0);
    assertThat(other.path("not-converted").path("column").asInt()).isEqualTo(24);
    assertThat(other.has("yaml")).isFalse();
  }

  @Test
  void nothingFoundIsGood() throws IOException {
    assertThat(lint("when CLIENT_ACCEPTED { snat automap }")).isZero();
    assertThat(shell.out()).endsWith("nothing found\n");
  }

  @Test
  void controlsOfTheFileDoNotReachTheTerminal() throws IOException {
    lint("when CLIENT_ACCEPTED { snat {\u001b[31mred} }");
    lint("ltm rule /Common/\u001b { when CLIENT_ACCEPTED { \u001b } }");

    assertThat(shell.out()).contains("\u241b[31m").doesNotContain("\u001b");
  }

  @Test
  void aTerminalGetsLinesThatFitIt() throws IOException {
    shell.columns = 76;
    lint(OLD.replace("snat automap", "TCP::notify"));

    assertThat(shell.out().lines().filter(line -> !line.contains(file.toString())))
        .allMatch(line -> line.length() <= 76);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import",
        "import f5",
        "import f5 --lint",
        "import f5 FILE",
        "import f5 --lint nowhere.conf",
        "import f5 --lint DIRECTORY",
        "import netscaler FILE",
        "import haproxy FILE",
        "import haproxy",
        "import cisco FILE",
        "import f5 --lint FILE FILE"
      })
  void wrongUsageAndFilesThatCannotBeReadAreTwo(String words) throws IOException {
    Files.writeString(file, OLD);

    assertThat(
            shell.run(
                words
                    .replace("FILE", file.toString())
                    .replace("DIRECTORY", directory.toString())
                    .split(" ")))
        .isEqualTo(2);
    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).isNotEmpty();
  }

  @Test
  void aFileThatIsMissingIsNamedAndWhatToNameInstead() {
    assertThat(shell.run("import", "f5", "--lint", "nofile")).isEqualTo(2);
    assertThat(shell.err())
        .contains("nofile: there is no such file; name a bigip.conf or a file with one rule")
        .doesNotContain("Exception");
  }

  @Test
  void whatIsNotInThisReleaseIsSaid() throws IOException {
    Files.writeString(file, OLD);
    shell.run("import", "f5", file.toString());
    shell.run("import", "netscaler", file.toString());

    assertThat(shell.err()).contains("not taken over in this release", "--lint", "NetScaler");
  }

  @Test
  void aFileOfMoreThanAMebibyteIsNotRead() throws IOException {
    assertThat(lint("#".repeat(IruleLint.LONGEST + 1))).isEqualTo(2);
    assertThat(shell.err()).contains("longer than 1 MiB");
    assertThat(lint("when CLIENT_ACCEPTED { }\n#".repeat(20_000))).as("half of it").isZero();
  }
}
