package io.posthouse.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS between us and the members of a pool, which are the servers of it. */
@Shorthand("mode")
public record MemberTls(
    @Key(value = "Whether members are spoken to in TLS", fallback = "off") Mode mode,
    @Key(
            value =
                "TLS from the first octet, as on port 465; else by STARTTLS, which mode tcp does not know",
            fallback = "false")
        boolean implicit,
    @Key(
            value =
                "The name that certificates must have, and that is sent to members (SNI); the member's"
                    + " tls-name or host name when absent",
            example = "mail.contoso.com")
        @Nullable String name,
    @Key(
            value =
                "verified: the issuers that are trusted, PEM, relative to this file; those of the Java"
                    + " runtime when absent",
            example = "tls/internal-ca.pem")
        @Nullable String ca,
    @Key(
            value =
                "verified: members whose key is one of these need no issuer and no name; the base64 of the"
                    + " SHA-256 of the SubjectPublicKeyInfo (RFC 7469 section 2.4)",
            fallback = "[]",
            example = "[\"X3pGTSOuJeEVw989IJ/cEtXUEmy52zs1TZQrU06KUKg=\"]")
        List<String> pinnedKeys,
    @Key(value = "The oldest version", fallback = "1.2") TlsVersion minVersion) {

  /** Whether members are spoken to in TLS, and what is asked of them. */
  public enum Mode {
    /** In plain. */
    OFF,
    /**
     * Where the member offers STARTTLS, whatever certificate it shows; a handshake that fails is
     * never followed by plain.
     */
    OPTIONAL,
    /** Never in plain, whatever certificate it shows. */
    REQUIRED,
    /** Never in plain, and its certificate must be its own. */
    VERIFIED
  }

  /** In plain. */
  public static final MemberTls OFF =
      new MemberTls(Mode.OFF, false, null, null, List.of(), TlsVersion.TLS_1_2);
}
