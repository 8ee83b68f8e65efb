package io.posthouse.bench.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The test stand: two sinks that run, and the balancers configured before them, not started.
 *
 * @param posthouses one for each setup
 */
record Stand(Sinks sinks, Map<Setup, Balancer> posthouses, Balancer haproxy) {

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
    Map<Setup, Balancer> posthouses = new EnumMap<>(Setup.class);
    for (Setup setup : Setup.values()) {
      posthouses.put(setup, posthouse(setup, settings, sinks, children, folder));
    }
    return new Stand(sinks, posthouses, haproxy);
  }

  Balancer posthouse(Setup setup) {
    return Objects.requireNonNull(posthouses.get(setup));
  }

  private static Balancer posthouse(
      Setup setup, Settings settings, Sinks sinks, Children children, Path folder)
      throws IOException {
    String name = "posthouse-" + setup.key();
    InetSocketAddress listen = Ports.free();
    Path yaml =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            Configurations.posthouse(
                setup, listen, Ports.free(), sinks.addresses(), settings.threads()));
    Path proxy =
        Files.writeString(
            folder.resolve("in-place-of-" + name + ".cfg"),
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
    return new Balancer("Posthouse", command, listen, folder.resolve(name + ".log"), children);
  }
}
