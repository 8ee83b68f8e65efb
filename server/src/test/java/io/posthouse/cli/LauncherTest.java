package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script posthouse in a checkout of stubs: a JDK that says how it is called, no sources. */
@Timeout(60)
class LauncherTest {
  private static final List<String> SCRIPTS =
      List.of("posthouse", "build-tools/jdk.sh", "build-tools/place.sh");
  @TempDir Path home;
  private Path root;

  @BeforeEach
  void open() throws Exception {
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    root = checkout("a check out");
  }

  @Test
  void runsTheCurrentBuildUnderAPathWithSpaces() throws Exception {
    built();
    assertThat(launch(root, List.of(), "status", "a b"))
        .isEqualTo(
            "0: <-Dx=y> <-cp> <%1$s/build/app/7/lib/a.jar:%1$s/build/app/7/lib/b.jar> <io.posthouse.app.Main> <status> <a b>\n"
                .formatted(root));
  }

  @Test
  void buildsWhenASourceIsNewerAndRunsWhatWasBuilt() throws Exception {
    built();
    editSource();
    script(
        root.resolve("build-tools/build"),
        "echo building",
        "cd '" + root + "/build/app'",
        "cp -r 7 8",
        "touch -d '1 minute' 8/.stamp",
        "ln -sfn 8 current");
    assertThat(launch(root, List.of(), "x"))
        .startsWith("0: building\n")
        .contains("/build/app/8/lib/a.jar");
    assertThat(launch(root, List.of(), "x")).doesNotContain("building").contains("/build/app/8/");
  }

  @Test
  void runsTheBuildThereIsWhereItMayNotWrite() throws Exception {
    built();
    editSource();
    assertThat(launch(root, withoutRights(), "x"))
        .startsWith(
            "0: posthouse: sources are newer than the build, and this user may not write to ")
        .contains("\n<-Dx=y> <-cp>");
  }

  @Test
  void saysWhoMustBuildWhereItMayNotWrite() throws Exception {
    assertThat(launch(root, withoutRights(), "x"))
        .startsWith("2: posthouse: not built yet, and this user may not write to ")
        .endsWith("build it as the owner of the checkout: " + root + "/build-tools/build\n")
        .containsOnlyOnce("\n");
  }

  @Test
  void saysThatAColonIsInTheWay() throws Exception {
    assertThat(launch(checkout("a:b"), List.of(), "x"))
        .startsWith("2: posthouse: there is a colon in the checkout's path")
        .containsOnlyOnce("\n");
  }

  private Path checkout(String name) throws IOException {
    Path made = Files.createDirectories(home.resolve(name)).toRealPath();
    for (String module : List.of("build-tools", "smtp", "core", "server")) {
      Files.createDirectory(made.resolve(module));
    }
    Files.createFile(made.resolve("pom.xml"));
    for (String script : SCRIPTS) {
      Files.copy(Path.of("..", script), made.resolve(script));
    }
    script(made.resolve("build-tools/build"), "echo unexpected build");
    Path jdk = Files.createDirectories(made.resolve("jdk/bin"));
    script(jdk.resolve("javac"), "exit 1");
    script(jdk.resolve("java"), "printf '<%s> ' \"$@\" | sed 's/ $//'; echo");
    Files.writeString(made.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    return made;
  }

  private void built() throws IOException {
    Path app = root.resolve("build/app/7");
    Files.createDirectories(app.resolve("lib"));
    Files.createFile(app.resolve("lib/a.jar"));
    Files.createFile(app.resolve("lib/b.jar"));
    Files.writeString(app.resolve("jvm.options"), "-Dx=y");
    Files.createFile(app.resolve(".stamp"));
    Files.createSymbolicLink(root.resolve("build/app/current"), Path.of("7"));
  }

  private void editSource() throws IOException {
    Path source = Files.createFile(root.resolve("core/Newer.java"));
    Instant built = Files.getLastModifiedTime(root.resolve("build/app/7/.stamp")).toInstant();
    Files.setLastModifiedTime(source, FileTime.from(built.plusSeconds(1)));
  }

  private static void script(Path file, String... lines) throws IOException {
    Files.writeString(file, "#!/usr/bin/env bash\nset -e\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Root may write anywhere; others lose the right to these folders. */
  private List<String> withoutRights() throws IOException {
    if ((Integer) Files.getAttribute(root, "unix:uid") == 0) {
      return List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--");
    }
    for (String each : List.of("build/app", "build", "smtp", "core", "server", ".")) {
      if (Files.exists(root.resolve(each))) {
        Files.setPosixFilePermissions(
            root.resolve(each), PosixFilePermissions.fromString("r-xr-xr-x"));
      }
    }
    return List.of();
  }

  /** The exit code and all that was said. */
  private static String launch(Path root, List<String> before, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(before);
    command.add(root.resolve("posthouse").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().remove("POSTHOUSE_JAVA_OPTS");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + ": " + said;
  }
}
