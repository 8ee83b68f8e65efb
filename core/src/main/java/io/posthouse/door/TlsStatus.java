package io.posthouse.door;

import java.util.List;

/**
 * The TLS of a virtual server.
 *
 * @param mode when it begins: {@code starttls}, {@code starttls-required} or {@code implicit}
 * @param engine who does its work: {@code boringssl} or {@code jdk}
 * @param certificates what clients are shown, the one for unknown names first
 * @param problem why the files that lie there now, or an OCSP response among them, are not in use;
 *     empty when they are
 */
public record TlsStatus(
    String mode, String engine, List<CertificateFacts> certificates, String problem) {}
