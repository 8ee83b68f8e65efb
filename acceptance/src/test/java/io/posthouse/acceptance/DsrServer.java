package io.posthouse.acceptance;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A server on an Ethernet that is set up by the scripts of {@code posthouse dsr setup}: it has a
 * network, and folders of its own for what they write.
 */
final class DsrServer {
  private static final String OWN_FOLDERS =
      "mount --bind \"$1\" /etc/sysctl.d; mount --bind \"$2\" /etc/systemd/system;"
          + " [ ! -d /run/systemd ] || mount -t tmpfs none /run/systemd; shift 2; exec \"$@\"";

  private final Lab lab;
  private final String name;
  private final int number;
  private final NetworkNamespace network;
  private final List<Daemon> sinks = new ArrayList<>();

  DsrServer(Lab lab, Segment segment, String name, int number) {
    this.lab = lab;
    this.name = name;
    this.number = number;
    network = segment.host(number);
    listen("0.0.0.0", "[::]");
  }

  NetworkNamespace network() {
    return network;
  }

  /** Has its mail server listen on these addresses, and on no others. */
  void listen(String... addresses) {
    sinks.forEach(Daemon::close);
    sinks.clear();
    for (String each : addresses) {
      sinks.add(
          lab.daemon(
              name,
              network
                  .command("smtp-sink", "-u", "nobody", "-h", name + ".test", each + ":25", "64")
                  .toArray(String[]::new)));
    }
    await("it listens")
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            network.run("ss", "-Hltn", "sport = :25").good().out().lines().count()
                == addresses.length);
  }

  /** Its own address. */
  String ipv4() {
    return Segment.ipv4(number);
  }

  /** Its own address. */
  String ipv6() {
    return Segment.ipv6(number);
  }

  /** Runs a script of sh. */
  Commands.Ended script(Path script, String... words) {
    List<String> line =
        new ArrayList<>(List.of("unshare", "--mount", "sh", "-e", "-c", OWN_FOLDERS, "sh"));
    line.add(lab.folder(name + "-sysctl.d").toString());
    line.add(lab.folder(name + "-units").toString());
    line.add("sh");
    line.add(script.toString());
    line.addAll(List.of(words));
    return network.run(line.toArray(String[]::new));
  }

  /** Writes a file of /etc/sysctl.d, beside that of the scripts. */
  void sysctl(String file, String line) {
    try {
      Files.writeString(lab.folder(name + "-sysctl.d").resolve(file), line + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that the scripts may change: addresses, ARP, files. */
  String state() {
    return network.run("ip", "-o", "addr", "show").good().out().replaceAll("valid_lft \\S+", "")
        + network
            .run("sysctl", "net.ipv4.conf.all.arp_ignore", "net.ipv4.conf.all.arp_announce")
            .good()
            .out()
        + Commands.run(
                "find",
                lab.folder(name + "-sysctl.d").toString(),
                lab.folder(name + "-units").toString(),
                "(",
                "-type",
                "f",
                "-o",
                "-type",
                "l",
                ")")
            .good()
            .out();
  }
}
