package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command prints scripts by the file alone; what they say is for SetupScriptTest. */
class DsrSetupCommandTest {
  private static final String FILE =
      """
      version: 1
      pools:
        hub: { members: { ex1: 198.51.100.21:25, ex2: 198.51.100.22:25 } }
      virtual-servers:
        MAIL: { listen: 198.51.100.9:25, mode: dsr, pool: hub }
        OTHER: { listen: 127.0.0.1:25, mode: tcp, pool: hub }
      """;

  @TempDir Path directory;
  private Path file;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("posthouse.yaml"), FILE);
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-c", file.toString()));
    return new CommandLine(new DsrSetupCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  /** The networks of the file are those of another machine. */
  @ParameterizedTest
  @CsvSource({
    "'', #!/bin/sh, 198.51.100.21 198.51.100.9 25",
    "MAIL/ex2 --verify, ACTION=${1:---verify}, 198.51.100.22 198.51.100.9 25",
    "MAIL --undo, ACTION=${1:---undo}, 198.51.100.22 198.51.100.9 25",
    "--windows, PowerShell of an administrator, @{ Server =",
    "--windows --manual, hdwwiz.exe, 198.51.100.9",
    "--manual --undo, ip addr del 198.51.100.9/32 dev lo, MAIL/ex1"
  })
  void eachOptionPrintsItsOwn(String words, String one, String other) {
    assertThat(run(words.isEmpty() ? new String[0] : words.split(" "))).isZero();

    assertThat(out.toString()).contains(one, other);
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"OTHER", "MAIL/ex9", "ex1"})
  void aNameThatIsNoneIsWrongUsage(String which) {
    assertThat(run(which)).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("no virtual server of mode dsr", which);
  }

  /** Its script would take any machine for that member, the balancer as well. */
  @ParameterizedTest
  @ValueSource(strings = {"", "MAIL", "MAIL --verify", "--windows --undo"})
  void aMemberWithANameIsNotInAScriptForSeveral(String words) throws IOException {
    Files.writeString(file, FILE.replace("198.51.100.22:25", "ex2.contoso.com:25"));

    assertThat(run(words.isEmpty() ? new String[0] : words.split(" "))).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err)
        .hasToString(
            "posthouse: ex2 is written by name, and no script can tell its machine from others: write its address,"
                + " or make a script for each member (posthouse dsr setup MAIL/ex2)\n");
  }

  @Test
  void aMemberWithANameHasAScriptOfItsOwnAndStepsForHands() throws IOException {
    Files.writeString(file, FILE.replace("198.51.100.22:25", "ex2.contoso.com:25"));

    assertThat(run("MAIL/ex2")).isZero();
    assertThat(run("MAIL/ex1")).isZero();
    assertThat(run("--manual")).isZero();
    assertThat(err.toString()).isEmpty();
  }

  /** In a pipe to a shell, a Posthouse that fails is an empty script, which succeeds. */
  @Test
  void helpRunsAScriptOnlyIfThereIsOne() {
    String help = new CommandLine(new DsrSetupCommand()).getUsageMessage().replaceAll("\\s+", " ");

    assertThat(help)
        .contains("posthouse dsr setup MAIL/ex1 -c FILE > dsr.sh && ssh root@ex1 sh < dsr.sh")
        .doesNotContain("| ssh");
  }

  @Test
  void aFileWithErrorsOrWithoutThatModeIsWrong() throws IOException {
    Files.writeString(file, FILE.replace("mode: dsr", "mode: tcp"));
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("no virtual server of mode dsr in");

    Files.writeString(file, "version: 2\n");
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("posthouse.yaml:1:10");
  }

  @Test
  void aVipThatAnotherVirtualServerNeedsIsNotUndone() throws IOException {
    Files.writeString(
        file,
        FILE.replace(
                "virtual-servers:",
                "  late: { members: { ex1: 198.51.100.21:587 } }\nvirtual-servers:")
            + "  LATE: { listen: 198.51.100.9:587, mode: dsr, pool: late }\n");

    assertThat(run("MAIL", "--undo")).isEqualTo(2);
    assertThat(err.toString()).contains("posthouse: LATE/ex1 needs the VIP", "leave out the name");
    assertThat(out.toString()).isEmpty();
    assertThat(run("MAIL/ex2", "--undo")).isZero();
    assertThat(run("--undo")).isZero();
    assertThat(run("MAIL")).isZero();
  }

  @Test
  void verifyAndUndoAreNotBoth() {
    assertThat(run("--verify", "--undo")).isEqualTo(2);
  }
}
