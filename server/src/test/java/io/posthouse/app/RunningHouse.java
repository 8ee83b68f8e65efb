package io.posthouse.app;

import io.posthouse.config.ConfigFile.Ports;
import io.posthouse.door.ConfigApplier.Applied;
import io.posthouse.door.Status.MemberState;
import io.posthouse.door.Status.PoolStatus;
import io.posthouse.door.Status.VirtualServerStatus;
import io.posthouse.door.Ticker;
import io.posthouse.ledger.EventLog;
import io.posthouse.model.Endpoint;
import io.posthouse.net.ListenException;
import io.posthouse.testkit.HandClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A whole Posthouse in this process, from a file that a test writes and edits. */
final class RunningHouse implements AutoCloseable {
  private final Path file;
  private final ByteArrayOutputStream log;
  private final EventLog events;
  private final Posthouse posthouse;

  /** Clients of one test connect from many threads. */
  private final List<Socket> opened = new CopyOnWriteArrayList<>();

  private RunningHouse(Path file, ByteArrayOutputStream log, EventLog events, Posthouse posthouse) {
    this.file = file;
    this.log = log;
    this.events = events;
    this.posthouse = posthouse;
  }

  /** Starts from pools and virtual servers; the rest of the file is added. */
  static RunningHouse start(Path directory, String text) throws Exception {
    return start(directory, "127.0.0.1:0", text);
  }

  static RunningHouse start(Path directory, String admin, String text) throws Exception {
    return start(
        directory,
        admin,
        text,
        System::nanoTime,
        InstantSource.system(),
        Posthouse.FILES_LOOK_MILLIS);
  }

  /** One whose time the test moves by hand. */
  static RunningHouse start(Path directory, String text, HandClock clock) throws Exception {
    return start(directory, text, clock, clock);
  }

  static RunningHouse start(Path directory, String text, Ticker ticker, InstantSource clock)
      throws Exception {
    return start(directory, "127.0.0.1:0", text, ticker, clock, Posthouse.FILES_LOOK_MILLIS);
  }

  /** One that looks at certificates and lists as often as a test can wait for. */
  static RunningHouse startLooking(Path directory, String text) throws Exception {
    return start(directory, "127.0.0.1:0", text, System::nanoTime, InstantSource.system(), 200);
  }

  private static RunningHouse start(
      Path directory,
      String admin,
      String text,
      Ticker ticker,
      InstantSource clock,
      long filesLookMillis)
      throws Exception {
    Path file = directory.resolve("posthouse.yaml");
    Files.writeString(file, whole(admin, text));
    ConfigSource source = new ConfigSource(file, Ports.ANY);
    if (!(source.read() instanceof ConfigSource.Good good)) {
      throw new AssertionError(source.read().toString());
    }
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    EventLog events = EventLog.start(InstantSource.system(), log);
    try {
      Posthouse posthouse = Posthouse.start(source, good, events, ticker, clock, filesLookMillis);
      return new RunningHouse(file, log, events, posthouse);
    } catch (ListenException e) {
      events.close();
      throw e;
    }
  }

  /** Edits the file and reloads it. */
  Applied reload(String text) throws IOException {
    Files.writeString(file, whole("127.0.0.1:0", text));
    return posthouse.configuration().reload("test");
  }

  private static String whole(String admin, String text) {
    return """
    version: 1
    hostname: lb.example.net
    state-directory: state
    admin: { listen: "%s" }
    limits: { threads: 2, shutdown-timeout: 1s }
    """
            .formatted(admin)
        + text;
  }

  Posthouse posthouse() {
    return posthouse;
  }

  /** What was logged so far. */
  String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  VirtualServerStatus server(String name) {
    return posthouse.status().virtualServers().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  PoolStatus pool(String name) {
    return posthouse.status().pools().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  MemberState member(String pool, String name) {
    return pool(pool).members().stream()
        .filter(m -> m.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The first address of a virtual server, as it is really bound. */
  Endpoint address(String server) {
    return server(server).listening().getFirst();
  }

  /** A link to the first address of a virtual server. */
  Socket connect(String server) throws IOException {
    return connect(address(server));
  }

  Socket connect(Endpoint to) throws IOException {
    return connectFrom(to.host(), to);
  }

  /** A link to the first address of a virtual server, from this address. */
  Socket connectFrom(String source, String server) throws IOException {
    return connectFrom(source, address(server));
  }

  private Socket connectFrom(String source, Endpoint to) throws IOException {
    Socket socket = new Socket();
    opened.add(socket);
    socket.bind(new InetSocketAddress(source, 0));
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress(to.host(), to.port()), 10_000);
    return socket;
  }

  /** What the member behind a fresh link says first. */
  String ask(String server) throws IOException {
    try (Socket socket = connect(server)) {
      return line(socket);
    }
  }

  static String line(Socket from) throws IOException {
    StringBuilder line = new StringBuilder();
    int octet;
    while ((octet = from.getInputStream().read()) != '\n') {
      if (octet < 0) {
        throw new IOException("ended after '" + line + "'");
      }
      line.append((char) octet);
    }
    return line.toString().stripTrailing();
  }

  /** Says a line on a link and returns what comes back. */
  static String say(Socket link, String text) throws IOException {
    link.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    return line(link);
  }

  @Override
  public void close() throws IOException {
    for (Socket each : opened) {
      each.close();
    }
    posthouse.close();
    events.close();
  }
}
