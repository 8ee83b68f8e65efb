package io.posthouse.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What some files held when they were looked at, so that another look tells whether they changed.
 * Times are not asked: whoever swaps links to files may leave them as they were.
 *
 * @param digests a digest of each file's content, or why there is none
 */
record FilesPrint(List<String> digests) {
  /** No file of TLS is larger. */
  private static final int MOST_OCTETS = (1 << 20) + 1;

  static FilesPrint of(List<Path> files) {
    return new FilesPrint(files.stream().map(FilesPrint::digest).toList());
  }

  private static String digest(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      return "no regular file"; // Whoever opens a pipe waits for its other end.
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MOST_OCTETS);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (IOException e) {
      return e.toString();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
