package io.posthouse.acceptance;

import java.nio.file.Path;
import java.util.List;

/**
 * A certificate and its key, in PEM.
 *
 * @param certificate the file of the certificate
 * @param key the file of its key, which all may read
 */
record Identity(Path certificate, Path key) {
  /** As two keys of a mapping in Posthouse's configuration. */
  String yaml() {
    return "certificate: " + certificate + ", key: " + key;
  }

  /** As lines of a Postfix that offers STARTTLS and tells of TLS in its log. */
  String[] postfix() {
    return new String[] {
      "smtpd_tls_security_level = may",
      "smtpd_tls_loglevel = 1",
      "smtpd_tls_received_header = yes",
      "smtpd_tls_cert_file = " + certificate,
      "smtpd_tls_key_file = " + key
    };
  }

  /** As lines of an Exim that offers STARTTLS. */
  List<String> exim() {
    return List.of(
        "tls_advertise_hosts = *", "tls_certificate = " + certificate, "tls_privatekey = " + key);
  }
}
