package io.posthouse.net;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is stapled to a certificate of ours, if anything: the OCSP response in a file beside it.
 *
 * <p>Links read it while the reconciler lets time pass.
 */
final class Staple {
  private static final Instant NEVER = Instant.MAX;

  private final Path file;
  private final @Nullable OcspResponse response;
  private final @Nullable String unusable;
  private volatile Instant now = NEVER;

  private Staple(Path file, @Nullable OcspResponse response, @Nullable String unusable) {
    this.file = file;
    this.response = response;
    this.unusable = unusable;
  }

  /** Where the response for a certificate would be. */
  static Path file(Path certificate) {
    return certificate.resolveSibling(certificate.getFileName() + ".ocsp");
  }

  /** Reads the response for a certificate. A broken one is a nuisance, not an error. */
  static Staple of(Credential credential) {
    Path file = file(credential.file());
    if (!Files.exists(file)) {
      return new Staple(file, null, null);
    }
    try {
      byte[] der = new SettingsFile("ocsp", file.toString(), file).read();
      return new Staple(file, OcspResponse.of(der, credential.certificate()), null);
    } catch (TlsException e) {
      return new Staple(file, null, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return new Staple(file, null, "ocsp: " + file + ": " + e.getMessage());
    }
  }

  /** Lets time pass. */
  void tick(Instant time) {
    now = time;
  }

  /** What to staple; null for nothing. */
  byte @Nullable [] usable() {
    OcspResponse read = response;
    return read != null && read.holds(now) ? read.der() : null;
  }

  /** Why a response that is there is left out; null when it is not. */
  @Nullable String problem() {
    OcspResponse read = response;
    if (read == null || read.holds(now)) {
      return unusable;
    }
    return "ocsp: " + file + ": it holds from " + read.from() + " until " + read.until();
  }
}
