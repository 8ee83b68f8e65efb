package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Posthouse without any right, and on a machine that has too little of something. */
@ExtendWith(LabExtension.class)
final class OrdinaryUserTest {
  private static final String NOBODY = "65534";
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--");

  @Test
  void movesAMailAndKeepsItsTokenToItself(Lab lab) throws IOException {
    Postfix server = lab.postfix("mx1");
    int port = Ports.free();
    Posthouse posthouse =
        own(lab, new Config().listen("127.0.0.1:" + port).member(server), AS_NOBODY);
    lab.keep(posthouse).started();
    Commands.run(
            "swaks",
            "--server",
            "127.0.0.1",
            "--port",
            "" + port,
            "--from",
            "a@x.example",
            "--to",
            "b@y.example")
        .good();
    assertThat(server.queued()).isEqualTo(1);
    assertThat(ownerOf(posthouse.daemon().pid())).isEqualTo(65534);
    Path token = posthouse.tokenFile();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
    assertThat(Files.getAttribute(token, "unix:uid", LinkOption.NOFOLLOW_LINKS)).isEqualTo(65534);
    assertThat(posthouse.command("status").good().out()).contains("mx1");
  }

  @Test
  void aPrivilegedPortIsToldWithItsRemedy(Lab lab) throws IOException {
    int port = 587;
    List<String> before = new ArrayList<>();
    int open =
        Integer.parseInt(
            Files.readString(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start")).trim());
    if (open <= port) {
      // Containers often open all ports to everybody; a network of its own has the usual limit.
      before.addAll(
          List.of("unshare", "--net", "sh", "-c", "ip link set lo up; exec \"$@\"", "sh"));
    }
    before.addAll(AS_NOBODY);
    Posthouse posthouse =
        own(lab, new Config().listen("127.0.0.1:" + port).member("mx1", "127.0.0.1:25"), before);
    assertThat(complaint(lab, posthouse))
        .contains("cannot listen on 127.0.0.1:587", "below 1024", "CAP_NET_BIND_SERVICE");
  }

  @Test
  void aPortInUseIsToldWithItsRemedy(Lab lab) throws IOException {
    try (ServerSocket other = new ServerSocket()) {
      other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()));
      String taken = "127.0.0.1:" + other.getLocalPort();
      Posthouse posthouse =
          own(lab, new Config().listen(taken).member("mx1", "127.0.0.1:25"), AS_NOBODY);
      assertThat(complaint(lab, posthouse))
          .contains("cannot listen on " + taken, "another program listens there", "ss -ltnp");
    }
  }

  @Test
  void tooFewDescriptorsAreToldAndMailGoesOn(Lab lab) throws IOException {
    int port = Ports.free();
    List<String> before = new ArrayList<>(List.of("prlimit", "--nofile=300:300"));
    before.addAll(AS_NOBODY);
    Posthouse posthouse =
        own(lab, new Config().listen("127.0.0.1:" + port).member(lab.sink("mx1")), before);
    lab.keep(posthouse).started();
    Load crowd = Load.start(lab, port, "--sessions", "0", "--idle", "100", "--timeout", "5m");
    await("it says that there are too many")
        .atMost(Duration.ofSeconds(30))
        .until(() -> !posthouse.log("as many links as allowed").isEmpty());
    assertThat(posthouse.log("as many links as allowed"))
        .hasSizeLessThanOrEqualTo(4)
        .allMatch(line -> line.contains("ulimit -n") && line.contains("LimitNOFILE"));
    assertThat(posthouse.virtualServer().get("links").get("open").asInt()).isBetween(1, 30);
    crowd.close();
    Load.Result result =
        Load.start(lab, port, "--sessions", "5", "--count", "50").finish(Duration.ofMinutes(1));
    assertThat(result.failed()).as("%s", result).isZero();
    assertThat(posthouse.log(" error ")).isEmpty();
  }

  @Test
  void aFullDiskForTheLogIsToldAndMailGoesOn(Lab lab) throws IOException {
    int port = Ports.free();
    Posthouse posthouse =
        own(
            lab,
            new Config()
                .listen("127.0.0.1:" + port)
                .member(lab.sink("mx1"))
                .log("{ file: /dev/full }"),
            AS_NOBODY);
    lab.keep(posthouse).started();
    Load.Result result =
        Load.start(lab, port, "--sessions", "5", "--count", "500").finish(Duration.ofMinutes(1));
    assertThat(result.failed()).as("%s", result).isZero();
    await("it is told")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() ->
            assertThat(posthouse.log("/dev/full"))
                .hasSize(1)
                .allMatch(l -> l.contains("No space left")));
  }

  /**
   * The line with which it refuses to start; everything else it writes is its usual start and end.
   */
  private static String complaint(Lab lab, Posthouse posthouse) {
    Daemon daemon = lab.keep(posthouse).start();
    await("it gives up").atMost(Duration.ofSeconds(60)).until(() -> !daemon.isAlive());
    assertThat(daemon.exitCode()).isEqualTo(1);
    List<String> said = daemon.lines().stream().filter(l -> !l.contains(" info ")).toList();
    assertThat(said).hasSize(1);
    assertThat(said.getFirst()).startsWith("posthouse: ");
    return said.getFirst();
  }

  /**
   * A copy of the built checkout that belongs to nobody, since the checkout may be in a closed
   * folder.
   */
  static Posthouse own(Lab lab, Config config, List<String> before) {
    Path copy = lab.folder("copy");
    Path folder = lab.folder("posthouse");
    Commands.run(
            "sh",
            "-c",
            "cd \"$0\" && tar --exclude=target -cf - posthouse build-tools pom.xml smtp core server"
                + " build/app | tar -xf - -C \"$1\"",
            Lab.repository().toString(),
            copy.toString())
        .good();
    Posthouse posthouse = new Posthouse(copy.resolve("posthouse"), folder, config, before);
    Commands.run("chown", "-R", NOBODY + ":" + NOBODY, copy.toString(), folder.toString()).good();
    return posthouse;
  }

  private static int ownerOf(long pid) {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
