package io.posthouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mount namespace in which programs find the users and the folders that they insist on; outside
 * of it the machine has neither.
 */
final class Namespace {
  /** Numbers that Debian gives to nobody by itself. */
  private static final int FIRST_USER = 64_600;

  private final List<String> users;
  private final List<String> mounts = new ArrayList<>();

  /** One that has these users beside those of the machine; its two files lie in the folder. */
  Namespace(Path folder, String... names) {
    users = List.of(names);
    StringBuilder passwd = new StringBuilder();
    StringBuilder group = new StringBuilder();
    for (String name : users) {
      passwd.append("%1$s:x:%2$d:%2$d::/nonexistent:/usr/sbin/nologin%n".formatted(name, id(name)));
      group.append("%s:x:%d:%n".formatted(name, id(name)));
    }
    seeing(extended(folder, "passwd", passwd), "/etc/passwd");
    seeing(extended(folder, "group", group), "/etc/group");
  }

  private static Path extended(Path folder, String name, StringBuilder more) {
    try {
      return Files.writeString(
          folder.resolve(name), Files.readString(Path.of("/etc", name)) + more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int id(String user) {
    return FIRST_USER + users.indexOf(user);
  }

  /** Has programs see a file or folder in place of another. */
  Namespace seeing(Path real, String place) {
    mounts.add(real.toString());
    mounts.add(place);
    return this;
  }

  /** Gives a file or folder to one of its users. */
  void give(Path path, String user) {
    try {
      Files.setAttribute(path, "unix:uid", id(user));
      Files.setAttribute(path, "unix:gid", id(user));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command line that runs a program in it; the process becomes that program. */
  List<String> command(String... program) {
    List<String> words = new ArrayList<>(List.of("unshare", "--mount", "sh", "-e", "-c"));
    words.add(
        "while [ \"$1\" != -- ]; do mount --bind \"$1\" \"$2\"; shift 2; done; shift; exec \"$@\"");
    words.add("sh");
    words.addAll(mounts);
    words.add("--");
    words.addAll(List.of(program));
    return words;
  }
}
