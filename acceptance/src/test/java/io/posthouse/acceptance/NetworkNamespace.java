package io.posthouse.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A network of its own, with nothing but a loopback interface, and gone at close. */
final class NetworkNamespace implements AutoCloseable {
  private static final AtomicInteger MADE = new AtomicInteger();

  private final String name =
      "posthouse-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();

  /** Makes one that ends with the stand. */
  static NetworkNamespace of(Lab lab) {
    NetworkNamespace made = new NetworkNamespace();
    Commands.run("ip", "netns", "add", made.name).good();
    lab.keep(made);
    made.run("ip", "link", "set", "lo", "up").good();
    return made;
  }

  /** The command line that runs a program in it; the process becomes that program. */
  List<String> command(String... program) {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
    words.addAll(List.of(program));
    return words;
  }

  /** Runs a program in it to its end. */
  Commands.Ended run(String... program) {
    return Commands.run(command(program).toArray(String[]::new));
  }

  /** Tells nft something. */
  void nft(String rules) {
    run("nft", rules).good();
  }

  @Override
  public void close() {
    Commands.run("ip", "netns", "delete", name);
  }
}
