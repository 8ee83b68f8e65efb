package io.posthouse.acceptance;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An smtp-sink as a member: one process, so that killing it kills all its connections. */
final class Sink implements AutoCloseable, Server {
  private final Path folder;
  private final Network network;
  private final String name;
  private final int port;
  private Daemon daemon;

  private Sink(Path folder, String name, Network network, int port, Daemon daemon) {
    this.folder = folder;
    this.network = network;
    this.name = name;
    this.port = port;
    this.daemon = daemon;
  }

  static Sink start(Path folder, String name, Network network, int port) {
    return new Sink(folder, name, network, port, launch(folder, name, network, port));
  }

  private static Daemon launch(Path folder, String name, Network network, int port) {
    Daemon daemon =
        Daemon.start(
            folder.resolve(name + ".log"),
            Map.of(),
            network.command(
                List.of("smtp-sink", "-u", "nobody", "-m", "20000", "127.0.0.1:" + port, "4096")));
    network.awaitServer(port);
    return daemon;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Kills it on the spot. */
  void kill() {
    daemon.signal("KILL");
  }

  /** Starts it again on its port. */
  void again() {
    daemon.close();
    daemon = launch(folder, name, network, port);
  }

  @Override
  public void close() {
    daemon.close();
  }
}
