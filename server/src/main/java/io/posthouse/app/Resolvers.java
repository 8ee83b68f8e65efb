package io.posthouse.app;

import io.posthouse.model.Dns;
import io.posthouse.model.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The DNS servers that edge checks ask: those of the file, or of the machine (resolv.conf(5)). */
final class Resolvers {
  private static final Path OF_THE_MACHINE = Path.of("/etc/resolv.conf");
  private static final int PORT = 53;
  private static final int MOST = 3;

  private Resolvers() {}

  static List<InetSocketAddress> of(Dns settings) {
    List<InetSocketAddress> listed =
        settings.resolvers().stream()
            .flatMap(each ->
                IpAddress.parse(each.host()).stream()
                    .map(address -> new InetSocketAddress(address, each.port())))
            .toList();
    return listed.isEmpty() ? ofTheMachine() : listed;
  }

  private static List<InetSocketAddress> ofTheMachine() {
    try {
      return parse(Files.readAllLines(OF_THE_MACHINE, StandardCharsets.ISO_8859_1));
    } catch (IOException none) {
      return parse(List.of());
    }
  }

  /** Without a line that names one, it is that of the machine itself. */
  static List<InetSocketAddress> parse(List<String> lines) {
    List<InetSocketAddress> found = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.strip().split("\\s+", 3);
      if (words.length > 1 && words[0].equals("nameserver") && found.size() < MOST) {
        IpAddress.parse(words[1])
            .ifPresent(address -> found.add(new InetSocketAddress(address, PORT)));
      }
    }
    return found.isEmpty() ? List.of(new InetSocketAddress("127.0.0.1", PORT)) : found;
  }
}
