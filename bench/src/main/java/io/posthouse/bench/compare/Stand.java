package io.posthouse.bench.compare;

import io.posthouse.bench.load.TlsLoad;
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
 * @param tlsMembers what ends TLS before the sinks in {@link Setup#TLS_MEMBERS}, not started
 * @param posthouses one for each setup
 * @param haproxies one for each setup
 */
record Stand(
    Sinks sinks,
    Balancer tlsMembers,
    Map<Setup, Balancer> posthouses,
    Map<Setup, Balancer> haproxies) {

  private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

  /** What the processes of one run are made from. */
  private record Plan(
      Settings settings,
      Children children,
      Path folder,
      Path certificate,
      InetSocketAddress resolver) {

    Path write(String name, String text) throws IOException {
      return Files.writeString(folder.resolve(name), text);
    }

    Balancer haproxy(String name, InetSocketAddress listen, boolean tls, Path file) {
      return new Balancer(
          name,
          List.of(HAPROXY.toString(), "-db", "-f", file.toString()),
          listen,
          tls ? TlsLoad.Start.IMPLICIT : null,
          folder.resolve(file.getFileName() + ".log"),
          children);
    }
  }

  static Stand build(Settings settings, Children children, Path folder)
      throws IOException, InterruptedException {
    if (!Files.isExecutable(HAPROXY)) {
      throw new IOException(HAPROXY + " is missing: apt-get install haproxy");
    }
    InetSocketAddress resolver = Ports.free();
    Plan plan = new Plan(settings, children, folder, certificate(settings, folder), resolver);
    if (settings.scenarios().stream().anyMatch(scenario -> scenario.setup().asksDns())) {
      Resolver.start(resolver, children, folder);
    }
    ClientLists.write(folder);
    Sinks sinks = Sinks.start(children, folder);
    List<InetSocketAddress> inTls = List.of(Ports.free(), Ports.free());
    Map<Setup, Balancer> posthouses = new EnumMap<>(Setup.class);
    Map<Setup, Balancer> haproxies = new EnumMap<>(Setup.class);
    for (Setup setup : Setup.values()) {
      List<InetSocketAddress> members = setup == Setup.TLS_MEMBERS ? inTls : sinks.addresses();
      String key = setup.key();
      posthouses.put(setup, posthouse("Posthouse", "posthouse-" + key, setup, members, plan));
      if (setup.isAgainstPosthouse()) {
        haproxies.put(
            setup,
            posthouse("Posthouse without", "posthouse-no-" + key, Setup.SMTP, members, plan));
        continue;
      }
      InetSocketAddress listen = Ports.free();
      Path file =
          plan.write("haproxy-" + setup.key() + ".cfg", haproxy(setup, listen, members, plan));
      haproxies.put(setup, plan.haproxy("HAProxy", listen, setup.isTls(), file));
    }
    return new Stand(sinks, tlsMembers(inTls, sinks, plan), posthouses, haproxies);
  }

  private static Path certificate(Settings settings, Path folder)
      throws IOException, InterruptedException {
    boolean tls = settings.scenarios().stream().anyMatch(scenario -> scenario.setup().isTls());
    return tls ? ServerCertificate.make(folder).pem() : folder;
  }

  private static Balancer tlsMembers(List<InetSocketAddress> listen, Sinks sinks, Plan plan)
      throws IOException {
    String text =
        Configurations.tlsMembers(
            listen,
            sinks.addresses(),
            plan.certificate(),
            plan.settings().threads(),
            OpenFiles.hardLimit());
    Path file = plan.write("tls-members.cfg", text);
    return plan.haproxy("TLS before the sinks", listen.getFirst(), true, file);
  }

  private static String haproxy(
      Setup setup, InetSocketAddress listen, List<InetSocketAddress> members, Plan plan)
      throws IOException {
    return Configurations.haproxy(
        setup,
        listen,
        members,
        plan.certificate(),
        plan.settings().threads(),
        OpenFiles.hardLimit());
  }

  Balancer posthouse(Setup setup) {
    return Objects.requireNonNull(posthouses.get(setup));
  }

  Balancer haproxy(Setup setup) {
    return Objects.requireNonNull(haproxies.get(setup));
  }

  /** What has to run for the loaded scenarios of a setup, the members first. */
  List<Balancer> processes(Setup setup) {
    List<Balancer> processes = new ArrayList<>();
    if (setup == Setup.TLS_MEMBERS) {
      processes.add(tlsMembers);
    }
    processes.add(posthouse(setup));
    processes.add(haproxy(setup));
    return processes;
  }

  /**
   * Makes sure that no figure comes from half a test stand.
   *
   * @throws IOException when a sink, or what stands before it, has ended
   */
  void requireAlive() throws IOException {
    sinks.requireAlive();
    tlsMembers.requireAlive();
  }

  private static Balancer posthouse(
      String title, String name, Setup setup, List<InetSocketAddress> members, Plan plan)
      throws IOException {
    InetSocketAddress listen = Ports.free();
    Settings settings = plan.settings();
    Path yaml =
        plan.write(
            name + ".yaml",
            Configurations.posthouse(
                setup, listen, Ports.free(), members, plan.resolver(), settings.threads()));
    Path proxy = plan.write("in-place-of-" + name + ".cfg", haproxy(setup, listen, members, plan));
    String line = settings.posthouseCommand();
    // HAProxy in Posthouse's place knows no STARTTLS.
    TlsLoad.Start tls =
        line.contains("{haproxy-config}") ? TlsLoad.Start.IMPLICIT : TlsLoad.Start.STARTTLS;
    if (line.isBlank()) {
      line = settings.repository().resolve("posthouse") + " run -c {config}";
    }
    List<String> command = new ArrayList<>();
    for (String word : line.strip().split("\\s+", -1)) {
      command.add(
          word.replace("{config}", yaml.toString())
              .replace("{haproxy-config}", proxy.toString())
              .replace("{listen}", Configurations.text(listen))
              .replace("{member1}", Configurations.text(members.get(0)))
              .replace("{member2}", Configurations.text(members.get(1))));
    }
    return new Balancer(
        title,
        command,
        listen,
        setup.isTls() ? tls : null,
        plan.folder().resolve(name + ".log"),
        plan.children());
  }
}
