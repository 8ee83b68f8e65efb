package io.posthouse.net;

import io.posthouse.door.CertificateFacts;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate with its chain and its key.
 *
 * @param file the certificate's
 * @param facts what people are told of it
 * @param chain the certificate itself first
 */
record Credential(Path file, CertificateFacts facts, List<X509Certificate> chain, PrivateKey key) {

  X509Certificate certificate() {
    return chain.getFirst();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return facts.toString();
  }
}
