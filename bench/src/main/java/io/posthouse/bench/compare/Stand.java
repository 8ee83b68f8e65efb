package io.posthouse.bench.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The test stand: two sinks that run, and both balancers configured before them, not started. */
record Stand(Sinks sinks, Balancer posthouse, Balancer haproxy) {

  private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

  static Stand build(Settings settings, Children children, Path folder)
      throws IOException, InterruptedException {
    if (!Files.isExecutable(HAPROXY)) {
      throw new IOException(HAPROXY + " is missing: apt-get install haproxy");
    }
    Sinks sinks = Sinks.start(children, folder);
    InetSocketAddress theirs = Ports.free();
    Path file =
        Files.writeString(
            folder.resolve("haproxy.cfg"),
            Configurations.haproxy(
                theirs, sinks.addresses(), settings.threads(), OpenFiles.hardLimit()));
    Balancer haproxy =
        new Balancer(
            "HAProxy",
            List.of(HAPROXY.toString(), "-db", "-f", file.toString()),
            theirs,
            folder.resolve("haproxy.log"),
            children);
    return new Stand(sinks, posthouse(settings, sinks, children, folder), haproxy);
  }

  private static Balancer posthouse(Settings settings, Sinks sinks, Children children, Path folder)
      throws IOException {
    InetSocketAddress listen = Ports.free();
    Path yaml =
        Files.writeString(
            folder.resolve("posthouse.yaml"),
            Configurations.posthouse(listen, Ports.free(), sinks.addresses(), settings.threads()));
    Path proxy =
        Files.writeString(
            folder.resolve("in-place-of-posthouse.cfg"),
            Configurations.haproxy(
                listen, sinks.addresses(), settings.threads(), OpenFiles.hardLimit()));
    String line = settings.posthouseCommand();
    if (line.isBlank()) {
      line = settings.repository().resolve("posthouse") + " run -c {config}";
    }
    List<String> command = new ArrayList<>();
    for (String word : line.strip().split("\\s+", -1)) {
      command.add(
          word.replace("{config}", yaml.toString())
              .replace("{haproxy-config}", proxy.toString())
              .replace("{listen}", Configurations.text(listen))
              .replace("{member1}", Configurations.text(sinks.addresses().get(0)))
              .replace("{member2}", Configurations.text(sinks.addresses().get(1))));
    }
    return new Balancer("Posthouse", command, listen, folder.resolve("posthouse.log"), children);
  }
}
