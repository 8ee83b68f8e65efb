package io.posthouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A real Exim with directories of its own. What it accepts stays in its queue. */
final class Exim implements AutoCloseable, Server {
  private static final String USER = "Debian-exim";

  private final Path folder;
  private final String name;
  private final int port = Ports.free();
  private final Namespace namespace;
  private final Path program;
  private final Daemon daemon;

  private Exim(Path folder, String name) throws IOException {
    this.folder = folder;
    this.name = name;
    program = Lab.peer("exim4-daemon-light/usr/sbin/exim4");
    namespace = new Namespace(folder, USER);
    namespace.give(folder, USER);
    Files.writeString(folder.resolve("exim.conf"), configuration());
    daemon =
        Daemon.start(
            folder.resolve("output.log"),
            Map.of(),
            namespace.command(program.toString(), "-C", config(), "-bdf"));
  }

  static Exim start(Path folder, String name) {
    try {
      Exim exim = new Exim(folder, name);
      try {
        Talk.awaitBanner("127.0.0.1", exim.port, Duration.ofSeconds(20));
      } catch (RuntimeException e) {
        exim.close();
        throw new AssertionError("Exim does not answer: " + exim.daemon.lines(), e);
      }
      return exim;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String configuration() {
    return """
    primary_hostname = %2$s.acceptance.test
    exim_path = %4$s
    spool_directory = %1$s/spool
    log_file_path = %1$s/%%s.log
    pid_file_path = %1$s/exim.pid
    local_interfaces = 127.0.0.1
    daemon_smtp_ports = %3$d
    keep_environment =
    tls_advertise_hosts =
    host_lookup =
    rfc1413_hosts =
    queue_only
    acl_smtp_rcpt = accept
    log_selector = +lost_incoming_connection +pipelining +smtp_connection +smtp_protocol_error +smtp_syntax_error
    """
        .formatted(folder, name, port, program);
  }

  private String config() {
    return folder.resolve("exim.conf").toString();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** How many messages with this Message-Id lie in its queue. */
  int kept(String messageId) {
    try {
      try (var files = Files.list(folder.resolve("spool/input"))) {
        int found = 0;
        for (Path each : files.filter(f -> f.toString().endsWith("-H")).toList()) {
          found += Files.readString(each).contains("<" + messageId + ">") ? 1 : 0;
        }
        return found;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    daemon.close();
  }
}
