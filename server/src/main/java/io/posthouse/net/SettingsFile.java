package io.posthouse.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that a key of the configuration names.
 *
 * @param key the key, for messages
 * @param name what the key says
 * @param path where it is
 */
record SettingsFile(String key, String name, Path path) {
  private static final int MOST_OCTETS = 1 << 20;

  static SettingsFile of(String key, String name, Path directory) {
    return new SettingsFile(key, name, directory.resolve(name));
  }

  byte[] read() throws TlsException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw wrong("is no regular file"); // Whoever opens a pipe waits for its other end.
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] octets = in.readNBytes(MOST_OCTETS + 1);
      if (octets.length > MOST_OCTETS) {
        throw wrong("is larger than 1 MiB, which no file of this kind is");
      }
      return octets;
    } catch (NoSuchFileException e) {
      throw wrong("there is no such file", e);
    } catch (AccessDeniedException e) {
      throw wrong("this user may not read it: give it to the user or group of Posthouse", e);
    } catch (IOException e) {
      throw wrong("cannot be read: " + e.getMessage(), e);
    }
  }

  /** The first line, without its end. */
  String firstLine() throws TlsException {
    return new String(read(), StandardCharsets.UTF_8).lines().findFirst().orElse("");
  }

  TlsException wrong(String what) {
    return new TlsException(key + ": " + name + ": " + what);
  }

  TlsException wrong(String what, Throwable cause) {
    return new TlsException(key + ": " + name + ": " + what, cause);
  }
}
