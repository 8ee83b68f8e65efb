package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.Configuration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Configuration texts for tests, and short ways to read them. */
final class Sample {
  /** A file without problems, with one virtual server, one pool, two members and one monitor. */
  static final String GOOD =
      """
      version: 1
      monitors:
        alive: { type: tcp }
      pools:
        hub:
          monitors: [alive]
          members:
            ex1: 10.1.1.21:25
            ex2: { address: 10.1.1.22:25, weight: 2 }
      virtual-servers:
        SMTP_VS:
          listen: 172.16.51.174:25
          mode: tcp
          pool: hub
      """;

  private Sample() {}

  /** The good file with one part replaced. */
  static String with(String part, String replacement) {
    assertThat(GOOD).contains(part);
    return GOOD.replace(part, replacement);
  }

  /** Reads a text that must have no problems at all. */
  static Configuration read(String text) {
    ConfigFile.Result result = ConfigFile.read("t.yaml", text);
    assertThat(problems(text)).isEmpty();
    return ((ConfigFile.Read) result).configuration();
  }

  /**
   * The problems of a text, as they are printed; but for the warnings about a virtual server
   * without classes, which {@link ClassChecksTest} asks for by itself.
   */
  static List<String> problems(String text) {
    return ConfigFile.read("t.yaml", text).problems().stream()
        .filter(problem -> !problem.message().equals(ClassChecks.ADMITS_EVERYBODY))
        .map(Problem::toString)
        .toList();
  }

  /** The one problem of a text, as it is printed. */
  static String problem(String text) {
    List<String> problems = problems(text);
    assertThat(problems).hasSize(1);
    return problems.getFirst();
  }

  static <T> T the(Map<String, T> objects, String name) {
    return Objects.requireNonNull(objects.get(name), name);
  }

  static String resource(String name) {
    try (InputStream in = Sample.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of the project, from its root; tests run in their module's directory. */
  static Path project(String path) {
    return Path.of("..").resolve(path);
  }

  static String projectText(String path) {
    try {
      return Files.readString(project(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
