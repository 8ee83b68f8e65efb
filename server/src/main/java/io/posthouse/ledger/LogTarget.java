package io.posthouse.ledger;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where lines go: a file that is opened again when asked, or a stream. One thread uses it.
 *
 * <p>A batch that could be written in part only leaves half a line; the next one starts on a line
 * of its own.
 */
final class LogTarget {
  private final @Nullable Path file;
  private final OutputStream stream;
  private @Nullable FileChannel channel;
  private boolean torn;

  LogTarget(@Nullable Path file, OutputStream stream) {
    this.file = file;
    this.stream = stream;
  }

  /** The file, if it is one. */
  @Nullable Path file() {
    return file;
  }

  /** Writes whole lines and hands them to the system. */
  void write(byte[] lines) throws IOException {
    if (file == null) {
      stream.write(lines);
      stream.flush();
      return;
    }
    FileChannel open = channel == null ? open(file) : channel;
    channel = open;
    if (torn) {
      writeFully(open, new byte[] {'\n'});
      torn = false;
    }
    writeFully(open, lines);
  }

  private void writeFully(FileChannel open, byte[] octets) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(octets);
    try {
      while (rest.hasRemaining()) {
        open.write(rest);
      }
    } catch (IOException full) {
      torn |= rest.position() > 0;
      throw full;
    }
  }

  /** Closes the file; the next write opens it by its name again. */
  void close() {
    FileChannel old = channel;
    channel = null;
    torn = false;
    if (old != null) {
      try {
        old.close();
      } catch (IOException alreadyLost) {
        // What it held was handed over with each write; there is nothing to save.
        torn = false;
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
  }
}
