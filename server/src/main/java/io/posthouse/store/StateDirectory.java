package io.posthouse.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** Creates the state directory and writes files in it whole or not at all. */
final class StateDirectory {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final Set<StandardOpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private StateDirectory() {}

  /** Makes the directory, for its owner only, if there is none; an existing one is left alone. */
  static void make(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
    }
  }

  /** Puts content in the place of the file: a reader sees the old file or the new, never a part. */
  static void replace(Path file, byte[] content) throws IOException {
    Path fresh = temporary(file, content);
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncDirectory(file);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Creates the file with the content, unless somebody else was faster.
   *
   * @return whether it is ours
   */
  static boolean create(Path file, byte[] content) throws IOException {
    Path fresh = temporary(file, content);
    try {
      Files.createLink(file, fresh);
      syncDirectory(file);
      return true;
    } catch (java.nio.file.FileAlreadyExistsException fasterOne) {
      return false;
    } catch (UnsupportedOperationException | java.nio.file.FileSystemException noHardLinks) {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static Path temporary(Path file, byte[] content) throws IOException {
    Path fresh = file.resolveSibling(".%s.%s.tmp".formatted(file.getFileName(), UUID.randomUUID()));
    try (FileChannel channel = FileChannel.open(fresh, NEW_FILE, OWNER_ONLY_FILE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    } catch (IOException full) {
      Files.deleteIfExists(fresh);
      throw full;
    }
    return fresh;
  }

  /** Without this a power failure may undo the rename. */
  private static void syncDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
