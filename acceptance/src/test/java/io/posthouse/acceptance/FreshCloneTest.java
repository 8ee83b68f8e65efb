package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** What somebody meets who has just cloned the repository. */
@Isolated("it builds everything")
@ExtendWith(LabExtension.class)
final class FreshCloneTest {
  private static final Set<String> HIDDEN = Set.of("mvn", "java", "javac", "jar");

  private Path clone = Path.of("");

  @BeforeEach
  void clone(Lab lab) throws IOException {
    clone = lab.folder().resolve("clone");
    Path home = lab.folder("home");
    // The checkout may belong to another user than root, which git calls dubious.
    Files.writeString(home.resolve(".gitconfig"), "[safe]\n  directory = *\n");
    Commands.run(
            Duration.ofMinutes(1),
            Map.of("HOME", home.toString()),
            List.of("git", "clone", "-q", Lab.repository().toString(), clone.toString()))
        .good();
  }

  @Test
  void quickstartBuildsAndShowsTwentyMailsOverTwoServers() {
    Commands.Ended ended =
        Commands.run(
            Duration.ofMinutes(10),
            Map.of(),
            List.of(
                clone.resolve("posthouse").toString(),
                "quickstart",
                "--once",
                "--listen",
                "127.0.0.1:" + Ports.free(),
                "--admin",
                "127.0.0.1:" + Ports.free()));
    String out = ended.good().out();
    assertThat(lines(out, "^ *\\d+ sender\\d+@example.net +2\\.0\\.0|^ *\\d+ sender\\d+@\\S+ +250"))
        .hasSize(20);
    List<String> took = lines(out, "^demo[12] took [1-9]\\d* messages$");
    assertThat(took).hasSize(2);
    assertThat(took.stream().mapToInt(FreshCloneTest::messages).sum()).isEqualTo(20);
  }

  @Test
  void noJdk25IsOneClearLine(Lab lab) throws IOException {
    Map<String, String> environment = bare(lab);
    environment.put("POSTHOUSE_JDK_DIRS", "/nonexistent");
    for (List<String> command : commands()) {
      Commands.Ended ended = Commands.run(Duration.ofMinutes(1), environment, command);
      assertThat(ended.exit()).isEqualTo(2);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err().lines()).hasSize(1);
      assertThat(ended.err())
          .startsWith("posthouse: needs a JDK 25")
          .contains("install", "JAVA_HOME");
    }
  }

  @Test
  void noMavenIsOneClearLine(Lab lab) throws IOException {
    for (List<String> command : commands()) {
      Commands.Ended ended = Commands.run(Duration.ofMinutes(1), bare(lab), command);
      assertThat(ended.exit()).isNotZero();
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err().lines()).hasSize(1);
      assertThat(ended.err())
          .startsWith("posthouse: needs Maven 3.8.7 or newer")
          .contains("apt-get install maven");
    }
  }

  private static int messages(String line) {
    return Integer.parseInt(line.replaceFirst("^.* took ", "").replaceFirst(" messages$", ""));
  }

  private List<List<String>> commands() {
    return List.of(
        List.of(clone.resolve("posthouse").toString(), "quickstart"),
        List.of(clone.resolve("check").toString()));
  }

  /** An environment whose PATH has everything but Java and Maven. */
  private static Map<String, String> bare(Lab lab) throws IOException {
    Path bin = lab.folder("bin");
    for (String from : List.of("/usr/bin", "/bin")) {
      try (Stream<Path> programs = Files.list(Path.of(from))) {
        for (Path each : programs.toList()) {
          Path link = bin.resolve(each.getFileName().toString());
          if (!HIDDEN.contains(link.getFileName().toString()) && !Files.exists(link)) {
            Files.createSymbolicLink(link, each);
          }
        }
      }
    }
    return new HashMap<>(Map.of("PATH", bin.toString(), "JAVA_HOME", ""));
  }

  private static List<String> lines(String text, String pattern) {
    Pattern wanted = Pattern.compile(pattern);
    return text.lines().filter(line -> wanted.matcher(line).find()).toList();
  }
}
