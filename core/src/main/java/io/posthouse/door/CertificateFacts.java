package io.posthouse.door;

import java.time.Instant;
import java.util.List;

/**
 * What people are told of a certificate of ours.
 *
 * @param file as the configuration names it
 * @param names what it may be used for: DNS names and addresses, else its common name
 * @param notAfter when it expires
 * @param issuer who issued it (RFC 2253)
 */
public record CertificateFacts(String file, List<String> names, Instant notAfter, String issuer) {}
