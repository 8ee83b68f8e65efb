package io.posthouse.bench.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A DNS server that knows the names of the bench's clients, and that there are no others. */
final class Resolver {
  private static final Path PROGRAM = Path.of("/usr/sbin/dnsmasq");

  private Resolver() {}

  /**
   * Starts Debian's dnsmasq.
   *
   * @throws IOException when it is not there
   */
  static void start(InetSocketAddress at, Children children, Path folder) throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      throw new IOException(PROGRAM + " is missing: apt-get install dnsmasq-base");
    }
    children.start(
        List.of(
            PROGRAM.toString(),
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--pid-file=",
            "--no-resolv",
            "--no-hosts",
            "--bind-interfaces",
            "--listen-address=127.0.0.1",
            "--port=" + at.getPort(),
            "--local=/#/",
            "--local-ttl=3600",
            "--neg-ttl=3600",
            "--host-record=load.example.com,127.0.0.1",
            "--synth-domain=clients.example.com,127.0.4.0/22"),
        folder.resolve("dnsmasq.log"));
  }
}
