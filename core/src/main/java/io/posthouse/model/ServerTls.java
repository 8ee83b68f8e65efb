package io.posthouse.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS between clients and a virtual server, which is the server of it.
 *
 * <p>All files are relative to the configuration file.
 */
public record ServerTls(
    @Key(
            value =
                "Mode smtp: whether clients may or must say STARTTLS (RFC 3207); optional when absent, off"
                    + " where implicit is true",
            example = "required")
        @Nullable StartTls starttls,
    @Key(
            value =
                "TLS from the first octet, as on port 465 (RFC 8314); in mode tcp it ends here rather than"
                    + " at the members",
            fallback = "false")
        boolean implicit,
    @Key(
            value =
                "The certificate and its chain, PEM or PKCS#12; shown to clients that ask for no name or"
                    + " one that no other certificate has",
            example = "tls/mail.pem")
        String certificate,
    @Key(
            value = "The private key, PEM; in the file of the certificate when absent",
            example = "tls/mail.key")
        @Nullable String key,
    @Key(
            value = "A file whose first line is the password of the key or of the PKCS#12 file",
            example = "tls/mail.password")
        @Nullable String passwordFile,
    @Key(
            value =
                "Further certificates, chosen by the name that a client asks for (SNI, RFC 6066 section 3)",
            fallback = "[]",
            example = "[{ certificate: tls/old.pem, key: tls/old.key }]")
        List<Further> certificates,
    @Key(
            value =
                "Whether clients are asked for a certificate of theirs; ask: it may be missing or of an"
                    + " unknown issuer, which is then no name",
            fallback = "none")
        ClientCertificate clientCertificate,
    @Key(value = "The issuers of clients' certificates, PEM", example = "tls/clients-ca.pem")
        @Nullable String clientCa,
    @Key(value = "The oldest version", fallback = "1.2") TlsVersion minVersion,
    @Key(value = "The newest version", fallback = "1.3") TlsVersion maxVersion,
    @Key(
            value =
                "Cipher suites of TLS 1.2, in order of preference, by their OpenSSL names; those with"
                    + " forward secrecy and authenticated encryption when empty",
            fallback = "[]",
            example = "[ECDHE-ECDSA-AES128-GCM-SHA256, ECDHE-RSA-AES128-GCM-SHA256]")
        List<String> ciphers,
    @Key(
            value = "How long a client may take for its handshake",
            fallback = "30s",
            min = 1000,
            max = 300_000)
        Duration handshakeTimeout) {

  /** Whether a client may, or must, say STARTTLS. */
  public enum StartTls {
    /** Not offered. */
    OFF,
    /** Offered. */
    OPTIONAL,
    /** Before MAIL; not for a public MX (RFC 3207 section 4). */
    REQUIRED
  }

  /** Whether clients are asked for a certificate. */
  public enum ClientCertificate {
    /** Not asked. */
    NONE,
    /** Asked. */
    ASK,
    /** No handshake without one that {@code client-ca} has issued. */
    REQUIRE
  }

  /** One more certificate. */
  @Shorthand("certificate")
  public record Further(
      @Key(value = "The certificate and its chain, PEM or PKCS#12", example = "tls/old.pem")
          String certificate,
      @Key(
              value = "The private key, PEM; in the file of the certificate when absent",
              example = "tls/old.key")
          @Nullable String key,
      @Key(
              value = "A file whose first line is the password of the key or of the PKCS#12 file",
              example = "tls/old.password")
          @Nullable String passwordFile) {}

  /** Whether a client may, or must, say STARTTLS, the default included. */
  public StartTls startTlsInEffect() {
    if (starttls != null) {
      return starttls;
    }
    return implicit ? StartTls.OFF : StartTls.OPTIONAL;
  }
}
