package io.posthouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A key for signatures of the domain client.example, and what signs and verifies with it. */
final class Dkim {
  private static final Path PROGRAM =
      Lab.repository().resolve("acceptance/src/test/resources/dkim.pl");

  private final Path folder;
  private final Path key;
  private final Path publicKey;

  /** Makes the key, in a folder that others may read: it is worth nothing. */
  Dkim(Path folder) {
    this.folder = folder;
    key = folder.resolve("dkim.key");
    publicKey = folder.resolve("dkim.pub");
    Commands.run("openssl", "genrsa", "-out", key.toString(), "2048").good();
    Commands.run("openssl", "rsa", "-in", key.toString(), "-pubout", "-out", publicKey.toString())
        .good();
  }

  /** The mail with a signature before it. */
  String sign(String octets) {
    try {
      Path signed = folder.resolve("signed.eml");
      Commands.run(
              "sh",
              "-c",
              "exec perl \"$0\" sign \"$1\" \"$2\" > \"$3\"",
              PROGRAM.toString(),
              key.toString(),
              file(octets).toString(),
              signed.toString())
          .good();
      return Files.readString(signed, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What its signature is worth: "pass", or what is wrong with it. */
  String verify(Mail mail) {
    return Commands.run(
            "perl",
            PROGRAM.toString(),
            "verify",
            publicKey.toString(),
            file(mail.octets()).toString())
        .good()
        .out()
        .trim();
  }

  private Path file(String octets) {
    try {
      return Files.writeString(
          Files.createTempFile(folder, "dkim", ".eml"), octets, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
