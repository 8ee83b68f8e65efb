package io.posthouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The test stand: a folder that every user may enter, and what was started in it, ended in reverse
 * order at close.
 */
final class Lab implements AutoCloseable {
  private final Path folder;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private Network network = Network.OF_MACHINE;
  private final Thread atExit = new Thread(this::endAll, "end-lab");

  Lab() {
    try {
      // Not a private folder: Postfix and an ordinary user have to pass through it.
      folder =
          Files.createTempDirectory(
              "posthouse-acceptance",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** The checkout under test. */
  static Path repository() {
    return Path.of(System.getProperty("acceptance.repository", "..")).toAbsolutePath().normalize();
  }

  /** A program that {@code acceptance/peers} has unpacked. */
  static Path peer(String path) {
    return repository().resolve("build/peers").resolve(path);
  }

  /** Where everything of this test lies. */
  Path folder() {
    return folder;
  }

  /** A folder in it. */
  Path folder(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has what is started from now on be in another network. */
  Lab in(Network other) {
    network = other;
    return this;
  }

  /** Starts a Postfix instance; extra lines go into its main.cf. */
  Postfix postfix(String name, String... settings) {
    return keep(Postfix.start(folder(name), name, network, List.of(settings)));
  }

  /** Starts an Exim; mail for these domains goes to these ports. */
  Exim exim(String name, Map<String, Integer> routes) {
    return exim(name, routes, List.of("tls_advertise_hosts ="), List.of());
  }

  /** The same with further settings, of its own and of how it sends. */
  Exim exim(String name, Map<String, Integer> routes, List<String> main, List<String> client) {
    return keep(Exim.start(folder(name), name, network, routes, main, client));
  }

  /** Starts an OpenSMTPD. */
  OpenSmtpd openSmtpd(String name) {
    return openSmtpd(name, "");
  }

  /** The same with a word for its listener. */
  OpenSmtpd openSmtpd(String name, String option) {
    return keep(OpenSmtpd.start(folder(name), name, network, option));
  }

  /** Starts a Dovecot that knows these users by their passwords. */
  Dovecot dovecot(Map<String, String> passwords) {
    return keep(Dovecot.start(folder("dovecot"), passwords));
  }

  /** Starts an smtp-sink, which takes every mail and forgets it. */
  Sink sink(String name) {
    return keep(Sink.start(folder, name, network, Ports.free()));
  }

  /** Starts Posthouse with a configuration and waits until it is ready. */
  Posthouse posthouse(Config config) {
    Posthouse posthouse =
        new Posthouse(
            repository().resolve("posthouse"),
            folder("posthouse"),
            config,
            network.command(List.of()));
    return keep(
        network.equals(Network.OF_MACHINE) ? posthouse.started() : posthouse.startedElsewhere());
  }

  /** Starts any other program in the foreground. */
  Daemon daemon(String name, String... command) {
    return keep(Daemon.start(folder.resolve(name + ".log"), Map.of(), List.of(command)));
  }

  /** Has something ended with this stand. */
  <T extends AutoCloseable> T keep(T one) {
    started.push(one);
    return one;
  }

  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException ending) {
      return; // The hook does the rest.
    }
    if (!Boolean.getBoolean("acceptance.keep")) {
      delete();
    }
  }

  private synchronized void endAll() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        System.err.println("acceptance: could not end a program: " + e);
      }
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("acceptance: left behind " + folder + ": " + e);
    }
  }
}
