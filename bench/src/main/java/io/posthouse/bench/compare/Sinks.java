package io.posthouse.bench.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The two members: smtp-sink of Debian's postfix, which takes every mail and forgets it. */
final class Sinks {

  private static final Path PROGRAM = Path.of("/usr/sbin/smtp-sink");

  private final List<InetSocketAddress> addresses = new ArrayList<>();
  private final List<Long> pids = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();

  /** Starts both and waits for their banners. */
  static Sinks start(Children children, Path folder) throws IOException, InterruptedException {
    if (!Files.isExecutable(PROGRAM)) {
      throw new IOException(PROGRAM + " is missing: apt-get install postfix");
    }
    Sinks sinks = new Sinks();
    for (int i = 0; i < 2; i++) {
      InetSocketAddress address = Ports.free();
      Path log = folder.resolve("sink" + (i + 1) + ".log");
      Process process = children.start(command(address), log);
      Greeting.await(process, address, false, Duration.ofSeconds(10), log);
      sinks.addresses.add(address);
      sinks.processes.add(process);
      sinks.pids.add(Children.worker(process, "smtp-sink"));
    }
    return sinks;
  }

  private static List<String> command(InetSocketAddress address) {
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    if (System.getProperty("user.name").equals("root")) {
      // Started as root, it wants to be told whom to become.
      command.addAll(List.of("-u", "nobody"));
    }
    command.addAll(List.of("-m", "20000", "127.0.0.1:" + address.getPort(), "4096"));
    return command;
  }

  /**
   * Makes sure that no figure comes from half a test stand.
   *
   * @throws IOException when a sink has ended
   */
  void requireAlive() throws IOException {
    for (Process process : processes) {
      if (!process.isAlive()) {
        throw new IOException("an smtp-sink ended with " + process.exitValue());
      }
    }
  }

  List<InetSocketAddress> addresses() {
    return addresses;
  }

  List<Long> pids() {
    return pids;
  }
}
