package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.audit.Finding;
import io.posthouse.cli.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The audit of files on disk, and what {@code check} says of it. */
class FileAuditTest {
  private static final String TEXT =
      """
      version: 1
      hostname: mail.contoso.com
      data-groups:
        devices: { file: devices.txt }
        ours: { type: domain, values: [contoso.com] }
      client-classes:
        relay: { from: devices, relay: any, snat: 127.0.0.2 }
        internet: { from: any, relay: ours, snat: 127.0.0.3 }
      monitors:
        deep:
          type: smtp
          interval: 10s
          depth: recipient
          senders: { inside: probe@contoso.com, outside: probe@example.net }
          recipient: postmaster@contoso.com
      pools:
        hub: { monitors: deep, members: { ex1: 127.0.0.9:25, ex2: 127.0.0.10:25 } }
      virtual-servers:
        MAIL: { listen: 127.0.0.1:25, pool: hub, classes: [relay, internet] }
      """;
  private static final String SHARED = TEXT.replace("127.0.0.3", "127.0.0.2");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path directory;

  private Path file(String text) throws IOException {
    Files.writeString(directory.resolve("devices.txt"), "127.0.0.7\n");
    return Files.writeString(directory.resolve("t.yaml"), text);
  }

  private int check(String text, String... options) throws IOException {
    CommandLine command = new CommandLine(new CheckCommand());
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] all = java.util.Arrays.copyOf(options, options.length + 2);
    all[options.length] = "-c";
    all[options.length + 1] = file(text).toString();
    return command.execute(all);
  }

  @Test
  void aGoodFileHasNothing() throws Exception {
    assertThat(FileAudit.of(file(TEXT)).audit().findings()).isEmpty();
    assertThat(check(TEXT, "--strict")).isZero();
    assertThat(err).hasToString("");
  }

  @Test
  void findingsStandWithTheLineOfTheirKey() throws Exception {
    assertThat(FileAudit.of(file(SHARED)).audit().findings())
        .extracting(Finding::line)
        .containsExactly(8);
  }

  @Test
  void whatAListFileHoldsCounts() throws Exception {
    Path file = file(TEXT);
    Files.writeString(directory.resolve("devices.txt"), "0.0.0.0/0\n");

    assertThat(FileAudit.of(file).audit().findings())
        .extracting(Finding::problem)
        .singleElement()
        .asString()
        .contains("0.0.0.0/0 in devices, devices.txt line 1");
  }

  @Test
  void theKernelOfThisMachineIsAskedForAutomap() throws Exception {
    String text =
        TEXT.replace("127.0.0.2", "127.0.0.1").replace("snat: 127.0.0.3", "snat: automap");

    assertThat(FileAudit.of(file(text)).audit().findings())
        .extracting(Finding::subject)
        .containsExactly("internet with relay");
  }

  @Test
  void anotherMachinesFileIsAuditedToo() throws Exception {
    String text =
        TEXT.replace("snat: 127.0.0.2", "snat: 192.0.2.1").replace("127.0.0.3", "192.0.2.1");

    assertThat(FileAudit.of(file(text)).audit().findings()).hasSize(1);
  }

  @Test
  void aBadFileOrListIsWrongUsage() throws IOException {
    Path bad = file(TEXT.replace("relay: any", "relay: anybody"));
    assertThatThrownBy(() -> FileAudit.of(bad)).isInstanceOf(CommandFailure.class);
    Path good = file(TEXT);
    Files.writeString(directory.resolve("devices.txt"), "nonsense\n");
    assertThatThrownBy(() -> FileAudit.of(good))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("devices.txt line 1");
  }

  @Test
  void checkWarnsOfEachAndPointsToTheAudit() throws IOException {
    assertThat(check(SHARED)).isZero();
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("t.yaml:8:39: warning: client-classes.internet.snat: Members see internet and")
        .endsWith("See 'posthouse audit', shared-source of \"internet with relay\"");
    assertThat(check(SHARED, "--strict")).isEqualTo(1);
  }

  @Test
  void checkSaysNothingTwice() throws IOException {
    assertThat(check(TEXT.replace("interval: 10s", "interval: 120s"))).isZero();
    assertThat(err.toString().lines()).singleElement().asString().contains("is found late");
    err.getBuffer().setLength(0);
    assertThat(check(TEXT.replace(", classes: [relay, internet]", ""))).isZero();
    assertThat(err.toString().lines())
        .filteredOn(line -> line.contains("virtual-servers.MAIL"))
        .singleElement()
        .asString()
        .contains("has no classes");
  }

  @Test
  void whatIsMeantIsNoWarning() throws IOException {
    String accept = "version: 1\naudit: { accept: [{ finding: %s, of: \"%s\", reason: we know }] }";

    String shared = accept.formatted("shared-source", "internet with relay");
    assertThat(check(SHARED.replace("version: 1", shared), "--strict")).isZero();
    String slow = accept.formatted("slow-probe", "deep");
    String text = TEXT.replace("interval: 10s", "interval: 120s").replace("version: 1", slow);
    assertThat(check(text, "--strict")).isZero();
    assertThat(err).hasToString("");
  }

  @Test
  void anAcceptanceThatFitsNothingIsAWarning() throws IOException {
    String accept =
        "version: 1\naudit:\n  accept:\n    - { finding: source-hash, of: hub, reason: gone }";

    assertThat(check(TEXT.replace("version: 1", accept))).isZero();
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("t.yaml:4:7: warning: audit.accept[0]: nothing is found that it fits");
  }
}
