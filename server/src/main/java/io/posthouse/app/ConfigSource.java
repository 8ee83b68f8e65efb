package io.posthouse.app;

import io.posthouse.config.ConfigFile;
import io.posthouse.config.ConfigFile.Ports;
import io.posthouse.config.ConfigFile.Whereabouts;
import io.posthouse.config.Problem;
import io.posthouse.config.ThisMachine;
import io.posthouse.model.Configuration;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file on disk.
 *
 * @param file where it is
 * @param ports whether port 0 may stand in it
 */
record ConfigSource(Path file, Ports ports) {
  private static final long MOST_OCTETS = 1L << 20;

  /** What reading it came to. */
  sealed interface Reading {}

  /** It can be used. */
  record Good(ConfigFile.Read read) implements Reading {
    Configuration configuration() {
      return read.configuration();
    }

    List<String> warnings() {
      return lines(read.warnings());
    }
  }

  /**
   * It cannot; a line for each reason.
   *
   * @param whereabouts where the Posthouse is that runs with an older version of it; null when it
   *     does not tell
   */
  record Bad(List<String> problems, @Nullable Whereabouts whereabouts) implements Reading {}

  /** Reads it for this machine, and the files that it names. Blocks. */
  Reading read() {
    return switch (readButLists()) {
      case Good good -> checked(good, ListDesk.problems(good.configuration(), directory()));
      case Bad bad -> bad;
    };
  }

  /** The same for somebody who applies it, and so reads the lists that have changed. Blocks. */
  Reading readButLists() {
    return switch (read(new MachineAddresses())) {
      case Good good -> checked(good, TlsFiles.problems(good.configuration(), directory()));
      case Bad bad -> bad;
    };
  }

  /** Reads it for somebody who only wants to know what it says. Blocks. */
  Reading readAlone() {
    return read(null);
  }

  private Reading read(@Nullable ThisMachine machine) {
    String text;
    try {
      if (Files.size(file) > MOST_OCTETS) {
        return bad("is larger than 1 MiB; is it the right file?");
      }
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return bad("does not exist; name another with -c, or start from examples/posthouse.yaml");
    } catch (AccessDeniedException e) {
      return bad("may not be read by this user; change its owner or mode");
    } catch (MalformedInputException e) {
      return bad("is not UTF-8 text; save it as UTF-8");
    } catch (IOException e) {
      return bad("cannot be read: " + e.getMessage());
    }
    return switch (ConfigFile.read(file.toString(), text, ports, machine)) {
      case ConfigFile.Read read -> new Good(read);
      case ConfigFile.Refused refused -> new Bad(lines(refused.problems()), refused.whereabouts());
    };
  }

  /** The directory that names of files in it are relative to. */
  Path directory() {
    return file.toAbsolutePath().resolveSibling("").normalize();
  }

  /** It cannot be used if a certificate or a list that it names cannot. */
  private Reading checked(Good read, List<String> problems) {
    Configuration configuration = read.configuration();
    return problems.isEmpty()
        ? read
        : new Bad(
            problems.stream().map(problem -> file + ": " + problem).toList(),
            new Whereabouts(configuration.admin().listen(), configuration.stateDirectory()));
  }

  private Bad bad(String why) {
    return new Bad(List.of(file + " " + why), null);
  }

  private static List<String> lines(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }
}
