package io.posthouse.app;

import io.posthouse.config.ConfigFile.Ports;
import io.posthouse.demo.DemoServer;
import io.posthouse.demo.SampleMail;
import io.posthouse.kernel.KernelException;
import io.posthouse.ledger.EventLog;
import io.posthouse.model.Endpoint;
import io.posthouse.net.ListenException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code posthouse quickstart}: the main job on this machine, in one command. */
@Command(
    name = "quickstart",
    description =
        "Starts two demonstration servers and Posthouse in front of them, sends sample mail, shows which"
            + " server took which message, and stays up until Ctrl-C.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class QuickstartCommand implements Callable<Integer> {
  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "127.0.0.1:2525",
      description = "Where mail is taken (default: ${DEFAULT-VALUE}).")
  String listen = "";

  @Option(
      names = "--admin",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "127.0.0.1:8025",
      description = "Where the API answers (default: ${DEFAULT-VALUE}).")
  String admin = "";

  @Option(
      names = "--mails",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many sample mails are sent (default: ${DEFAULT-VALUE}).")
  int mails;

  @Option(names = "--once", description = "End after the sample mail instead of staying up.")
  boolean once;

  @Spec CommandSpec spec = CommandSpec.create();

  private final @Nullable Signals signals;

  /** The command, with signals that were taken over before it was parsed. */
  QuickstartCommand(@Nullable Signals signals) {
    this.signals = signals;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("posthouse-quickstart");
    try (DemoServer first = DemoServer.start("demo1");
        DemoServer second = DemoServer.start("demo2")) {
      Path file = directory.resolve("posthouse.yaml");
      Files.writeString(file, configuration(first, second));
      ConfigSource source = new ConfigSource(file, Ports.ANY);
      return switch (source.read()) {
        case ConfigSource.Bad bad -> {
          bad.problems().forEach(spec.commandLine().getErr()::println);
          yield 2;
        }
        case ConfigSource.Good good -> run(source, good, List.of(first, second));
      };
    } finally {
      delete(directory);
    }
  }

  private int run(ConfigSource source, ConfigSource.Good good, List<DemoServer> servers)
      throws InterruptedException {
    Signals heard = signals == null ? new Signals() : signals;
    PrintWriter out = spec.commandLine().getOut();
    try (EventLog events =
            EventLog.start(InstantSource.system(), new FileOutputStream(FileDescriptor.err));
        Posthouse posthouse = Posthouse.start(source, good, events)) {
      Endpoint address = posthouse.status().virtualServers().getFirst().listening().getFirst();
      out.printf("Posthouse listens on %s, in front of:%n", address);
      servers.forEach(s -> out.printf("  %s  %s%n", s.name(), s.address()));
      boolean allTaken = send(address, out);
      out.println();
      servers.forEach(s -> out.printf("%s took %d messages%n", s.name(), s.messages()));
      if (!once) {
        stay(posthouse, address, source.file(), heard, out);
      }
      return allTaken ? 0 : 1;
    } catch (KernelException e) {
      throw new AssertionError(e); // Its file has no classes.
    } catch (ListenException e) {
      spec.commandLine().getErr().println("posthouse: " + e.getMessage() + "; or choose --listen");
      return 1;
    }
  }

  /** One link, many messages: Posthouse chooses a member for each. */
  private boolean send(Endpoint address, PrintWriter out) {
    out.printf("%nOne link, %d messages:%n%n", mails);
    out.printf("%-4s %-22s %s%n", "mail", "from", "reply");
    try (SampleMail mail = new SampleMail(address)) {
      return send(mail, out);
    } catch (IOException e) {
      out.printf("the link failed: %s%n", e.getMessage());
      return false;
    }
  }

  private boolean send(SampleMail mail, PrintWriter out) {
    boolean good = true;
    for (int i = 1; i <= mails; i++) {
      String from = "sender" + i + "@example.net";
      String reply;
      try {
        reply = mail.send(from, "you@example.com", "Sample " + i);
      } catch (IOException e) {
        reply = "not taken: " + e.getMessage();
        good = false;
      }
      out.printf("%4d %-22s %s%n", i, from, reply);
      out.flush();
    }
    return good;
  }

  private static void stay(
      Posthouse posthouse, Endpoint address, Path file, Signals signals, PrintWriter out)
      throws InterruptedException {
    out.printf("%nSend mail to it:%n");
    out.printf(
        "  swaks --server %s --port %d --from me@example.net --to you@example.com%n",
        address.host(), address.port());
    out.printf(
        "  curl smtp://%s --mail-from me@example.net --mail-rcpt you@example.com -T message.txt%n",
        address);
    out.printf("See what it does:%n");
    out.printf("  ./posthouse status -c %s%n", file);
    out.printf("  ./posthouse drain demo/demo1 -c %s%n", file);
    out.printf("Its configuration, to start your own from: %s%n", file);
    out.printf("%nCtrl-C ends it.%n");
    out.flush();
    posthouse.serve(signals);
  }

  private String configuration(DemoServer first, DemoServer second) {
    return """
    version: 1
    hostname: quickstart.invalid
    state-directory: state
    admin:
      listen: %s
    log:
      level: warn
    limits:
      shutdown-timeout: 1s
    monitors:
      demo:
        type: smtp
        interval: 2s
        depth: recipient
        senders: { inside: probe@example.com, outside: probe@example.net }
        recipient: postmaster@example.com
    pools:
      demo:
        monitors: demo
        members:
          demo1: %s
          demo2: %s
    client-classes:
      everybody: { from: any, relay: server }
    virtual-servers:
      DEMO:
        listen: %s
        mode: smtp
        pool: demo
        classes: [everybody]
    """
        .formatted(admin, first.address(), second.address(), listen);
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
