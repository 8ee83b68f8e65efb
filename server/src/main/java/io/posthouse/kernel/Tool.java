package io.posthouse.kernel;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program by which the kernel is told something. */
enum Tool {
  /** Packet filter rules. */
  NFT("nftables"),
  /** Questions and announcements of ARP. */
  ARPING("iputils-arping"),
  /** Addresses, rules and routes. */
  IP("iproute2"),
  /** Questions of NDP. */
  NDISC6("ndisc6");

  private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int MOST_OUTPUT = 1 << 20;
  private static final int MOST_TOLD = 300;

  /** A shell of an ordinary user often does not look there. */
  private static final List<String> USUAL = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

  private final String packaged;

  Tool(String packaged) {
    this.packaged = packaged;
  }

  /**
   * How a run ended.
   *
   * @param said what it wrote, complaints included
   */
  record Ended(int exitCode, String said) {
    boolean good() {
      return exitCode == 0;
    }
  }

  /** Where it is; empty when the machine does not have it. */
  Optional<Path> found() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(":", -1)), USUAL.stream())
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name().toLowerCase(Locale.ROOT)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Runs it, and takes a failure for one. */
  String run(List<String> words) throws KernelException {
    Ended ended = attempt(words);
    if (!ended.good()) {
      throw failure(words, ended);
    }
    return ended.said;
  }

  /** Runs it with a text to read, and takes a failure for one. */
  void feed(List<String> words, String text) throws KernelException {
    Path file = null;
    try {
      file = Files.createTempFile("posthouse", "." + name().toLowerCase(Locale.ROOT));
      Files.writeString(file, text);
      Ended ended = attempt(words, Redirect.from(file.toFile()));
      if (!ended.good()) {
        throw failure(words, ended);
      }
    } catch (IOException e) {
      throw new KernelException(shown(words) + " has no text to read: " + e.getMessage());
    } finally {
      delete(file);
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException left) {
      // It holds nothing secret, and whoever tidies the folder finds it.
    }
  }

  /** The same, where a failure means something. */
  Ended attempt(List<String> words) throws KernelException {
    return attempt(words, NOTHING);
  }

  private Ended attempt(List<String> words, Redirect input) throws KernelException {
    List<String> command = new ArrayList<>();
    command.add(found().orElseThrow(this::missing).toString());
    command.addAll(words);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input);
      builder.environment().put("LC_ALL", "C");
      Process process = builder.start();
      Thread.ofVirtual().name("kernel-watch").start(() -> kill(process));
      String said;
      try (InputStream out = process.getInputStream()) {
        said = new String(out.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
        out.transferTo(OutputStream.nullOutputStream());
      }
      return new Ended(process.waitFor(), said);
    } catch (IOException e) {
      throw new KernelException(shown(command) + " could not be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KernelException(shown(command) + " was not waited for");
    }
  }

  /** What a run that ended badly is told as. */
  KernelException failure(List<String> words, Ended ended) {
    if (ended.said.contains("Operation not permitted")) {
      return KernelException.noRight();
    }
    String said = ended.said.replaceAll("\\s+", " ").trim();
    return new KernelException(
        "%s failed with exit code %d: %s"
            .formatted(
                name().toLowerCase(Locale.ROOT) + " " + shown(words),
                ended.exitCode,
                said.substring(0, Math.min(said.length(), MOST_TOLD))));
  }

  private KernelException missing() {
    return new KernelException(
        "there is no program %s, which clients' own addresses (snat: none) and mode dsr need; install the package %s"
            .formatted(name().toLowerCase(Locale.ROOT), packaged));
  }

  private static String shown(List<String> words) {
    return String.join(" ", words);
  }

  /** One that hangs is ended, and whoever reads from it goes on. */
  private static void kill(Process process) {
    try {
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
