package io.posthouse.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The file with the administrator's token: 32 random bytes, made at the first start, kept ever
 * after, readable by its owner only.
 *
 * <p>A token that others could read is not used: whoever read it may have it still, so the remedy
 * is a new one. Nor is one that somebody else has put there: it is a plain file of this user's own
 * in a directory that nobody else may write to.
 */
public final class TokenFile {
  private static final String NAME = "admin.token";
  private static final int MIN_CHARS = 32;
  private static final int MAX_CHARS = 512;
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private TokenFile() {}

  /** Where the token of a state directory is. */
  public static Path in(Path stateDirectory) {
    return stateDirectory.resolve(NAME);
  }

  /**
   * The token in the state directory; both are made when missing.
   *
   * @throws StoreException when it cannot be made or read, when others can read it, or when it is
   *     somebody else's
   */
  public static Token open(Path stateDirectory) throws StoreException {
    Path file = in(stateDirectory);
    try {
      StateDirectory.make(stateDirectory);
      refuseIfOthersMayWrite(stateDirectory);
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        StateDirectory.create(file, fresh());
      }
      refuseIfNotPlain(file);
      int owner = Owner.of(file);
      if (owner != Owner.self()) {
        throw othersFile(file, owner, "delete it and start again: a new one is made");
      }
      refuseIfOthersMayRead(file);
    } catch (IOException failure) {
      throw new StoreException(
          "cannot keep the administrator's token in %s: %s; let the user Posthouse runs as write to %s or set state-directory to a directory that it may write to"
              .formatted(file, Reason.of(failure), stateDirectory),
          failure);
    }
    return read(file);
  }

  /**
   * Reads a token for the command line: this user's own or root's; root reads any.
   *
   * @throws StoreException when there is none, it may not be read, it is somebody else's, or it is
   *     no token
   */
  public static Token read(Path file) throws StoreException {
    try {
      refuseIfNotPlain(file);
      int owner = Owner.of(file);
      int self = Owner.self();
      if (Files.isReadable(file) && self != Owner.ROOT && owner != self && owner != Owner.ROOT) {
        throw othersFile(file, owner, "name the right one with -c FILE or --token-file");
      }
      if (Files.size(file) > MAX_CHARS) {
        throw notToken(file);
      }
      String text = text(file).strip();
      if (text.length() < MIN_CHARS || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        throw notToken(file);
      }
      return new Token(text);
    } catch (AccessDeniedException denied) {
      String owner = ownerOf(file);
      throw new StoreException(
          "no permission to read the administrator's token in %s: only %s may; try again with sudo -u %s"
              .formatted(file, owner, owner),
          denied);
    } catch (NoSuchFileException none) {
      throw new StoreException(
          "there is no administrator's token in %s: it is made when Posthouse starts; start it, or name the file with --token-file"
              .formatted(file),
          none);
    } catch (IOException failure) {
      throw new StoreException(
          "cannot read the administrator's token in %s: %s".formatted(file, Reason.of(failure)),
          failure);
    }
  }

  /**
   * The number of the user that a token belongs to.
   *
   * @throws StoreException when the file cannot be looked at
   */
  public static int owner(Path file) throws StoreException {
    try {
      return Owner.of(file);
    } catch (IOException failure) {
      throw new StoreException(
          "cannot tell who owns the administrator's token in %s: %s"
              .formatted(file, Reason.of(failure)),
          failure);
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return new String(in.readNBytes(MAX_CHARS), StandardCharsets.ISO_8859_1);
    }
  }

  private static void refuseIfNotPlain(Path file) throws IOException, StoreException {
    if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isRegularFile()) {
      throw new StoreException(
          "%s is no plain file, so no administrator's token is read from it; a link is not followed: name the file itself, or delete it and start Posthouse again"
              .formatted(file),
          null);
    }
  }

  private static StoreException othersFile(Path file, int owner, String remedy) {
    return new StoreException(
        "the administrator's token in %s belongs to user %s, who may have put it there, so it is not used; %s"
            .formatted(file, Integer.toUnsignedString(owner), remedy),
        null);
  }

  private static void refuseIfOthersMayWrite(Path directory) throws IOException, StoreException {
    if (!Collections.disjoint(Files.getPosixFilePermissions(directory), OTHERS_WRITE)) {
      throw new StoreException(
          "others than its owner may write to the state directory %1$s and put a token there, so none is used; close it (chmod go-w %1$s), and delete %2$s if you do not know who made it"
              .formatted(directory, in(directory)),
          null);
    }
  }

  private static StoreException notToken(Path file) {
    return new StoreException(
        "%s holds no administrator's token (one line of at least %d visible characters); delete it and start Posthouse again: it makes a new one"
            .formatted(file, MIN_CHARS),
        null);
  }

  private static void refuseIfOthersMayRead(Path file) throws IOException, StoreException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    permissions.addAll(Files.getPosixFilePermissions(file));
    permissions.retainAll(OTHERS);
    if (!permissions.isEmpty()) {
      throw new StoreException(
          "others than its owner may read or write the administrator's token in %1$s, so it is not used; delete it (rm %1$s) and start again: a new one is made"
              .formatted(file),
          null);
    }
  }

  private static byte[] fresh() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The owner of the nearest thing on the way to the file that may be looked at. */
  private static String ownerOf(Path file) {
    for (Path at = file.toAbsolutePath(); at != null; at = at.getParent()) {
      try {
        return Files.getOwner(at).getName();
      } catch (IOException mayNotLook) {
        // Its parent may be looked at.
      }
    }
    return "its owner";
  }
}
