package io.posthouse.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The certificates that a member showed a probe, and whether {@code tls: verified} takes them;
 * known in every mode, since an administrator wants to know before the mode is asked for.
 *
 * @param certificates its own first, then those of its issuers as far as it showed them; at least
 *     one
 * @param issuerTrusted whether it is valid now and leads to an issuer that the pool trusts
 * @param nameFits whether it has the member's name (RFC 9525)
 * @param keyPinned whether its key is one of the pool's pinned ones, which needs neither
 * @param problem why {@code verified} does not take it, for people; empty where it does
 */
public record CertificateChain(
    List<Certificate> certificates,
    boolean issuerTrusted,
    boolean nameFits,
    boolean keyPinned,
    String problem) {

  /**
   * One certificate; texts of the member's making, fit for one line.
   *
   * @param names the DNS names and addresses it is for, not the common name
   */
  public record Certificate(String subject, String issuer, List<String> names, Instant notAfter) {}

  /** The end of the member's own certificate. */
  public Instant expires() {
    return certificates.getFirst().notAfter();
  }

  /** Whole days until then; negative once it has expired. */
  public long daysLeft(Instant now) {
    return Math.floorDiv(Duration.between(now, expires()).toSeconds(), 86_400L);
  }
}
