package io.posthouse.app;

import io.posthouse.config.Words;
import io.posthouse.model.DataGroup;
import io.posthouse.policy.ListText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A list file on disk, as a data group names it. Blocks; whoever calls is no loop.
 *
 * @param name as it stands in the configuration
 */
record ListFile(String name, Path path, DataGroup.Type type) {
  /** What a reading found. */
  record Content(String print, ListText text) {}

  static ListFile of(DataGroup group, String name, Path directory) {
    return new ListFile(name, directory.resolve(name), group.type());
  }

  /**
   * A digest of what it holds now, or why there is none. Times are not asked: whoever swaps links
   * to files may leave them as they were.
   */
  String print() {
    try (InputStream in = open()) {
      MessageDigest digest = sha256();
      byte[] some = new byte[64 << 10];
      long left = ListText.MOST_OCTETS + 1L;
      for (int read; left > 0 && (read = in.read(some)) >= 0; left -= read) {
        digest.update(some, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Reads it; every line must be good. */
  Content read() throws ListException {
    byte[] content;
    try (InputStream in = open()) {
      content = in.readNBytes(ListText.MOST_OCTETS + 1);
    } catch (NoSuchFileException e) {
      throw bad("does not exist; make it, even if it is empty");
    } catch (AccessDeniedException e) {
      throw bad("may not be read by this user; change its owner or mode");
    } catch (IOException e) {
      throw bad("cannot be read: " + e.getMessage());
    }
    if (content.length > ListText.MOST_OCTETS) {
      throw bad("is larger than " + (ListText.MOST_OCTETS >> 20) + " MiB; is it the right file?");
    }
    ListText text = ListText.read(name, type, content);
    if (!text.problems().isEmpty()) {
      throw new ListException(text.problems().stream().map(this::told).toList());
    }
    return new Content(HexFormat.of().formatHex(sha256().digest(content)), text);
  }

  /** Whoever opens a pipe waits for its other end. */
  private InputStream open() throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException("it is no regular file");
    }
    return Files.newInputStream(path);
  }

  private ListException bad(String why) {
    return new ListException(List.of(name + " " + why));
  }

  private String told(ListText.Problem problem) {
    String entry = problem.entry().isEmpty() ? "" : Words.quote(problem.entry()) + " ";
    return name + " line " + problem.line() + ": " + entry + problem.message();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
