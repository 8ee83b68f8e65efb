package io.posthouse.net;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.posthouse.certificate.CertificateNames;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a certificate by the name that a client asks for (RFC 6066 section 3): one that has
 * exactly this name, else one with a wildcard for it, else the first.
 *
 * <p>A name may have an RSA and an ECDSA certificate; the client's signature algorithms decide. An
 * alias is a place in the list, so that BoringSSL can keep what it made of a key.
 */
final class SniKeys extends X509ExtendedKeyManager {
  private final List<Credential> credentials;
  private final List<Staple> staples;
  private final Map<String, List<Integer>> byName = new HashMap<>();
  private final List<Integer> fallback = new ArrayList<>();

  /** For these certificates, the one for unknown names first, and what is stapled to each. */
  SniKeys(List<Credential> credentials, List<Staple> staples) {
    this.credentials = credentials;
    this.staples = staples;
    List<String> firstNames = credentials.getFirst().facts().names();
    for (int i = 0; i < credentials.size(); i++) {
      List<String> names = credentials.get(i).facts().names();
      for (String name : names) {
        byName.computeIfAbsent(CertificateNames.canonical(name), any -> new ArrayList<>(1)).add(i);
      }
      if (i == 0 || names.stream().anyMatch(firstNames::contains)) {
        fallback.add(i);
      }
    }
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    SSLSession session = engine.getHandshakeSession();
    // The JDK asks without a session when it looks whether one that is resumed had our certificate.
    ExtendedSSLSession extended = session instanceof ExtendedSSLSession known ? known : null;
    List<Integer> candidates = extended == null ? fallback : candidates(extended);
    if (extended == null || !(engine instanceof ReferenceCountedOpenSslEngine boring)) {
      return candidates.stream()
          .filter(each -> algorithm(each).equals(keyType))
          .findFirst()
          .map(String::valueOf)
          .orElse(null);
    }
    int chosen = forBoringSsl(candidates, extended);
    byte[] stapled = staples.get(chosen).usable();
    if (stapled != null) {
      boring.setOcspResponse(stapled);
    }
    return String.valueOf(chosen);
  }

  /**
   * BoringSSL asks for each key type that our own suites know, whatever the client knows. So the
   * client's signature algorithms decide; and in TLS 1.2, where a suite must fit too but cannot be
   * seen, RSA goes before ECDSA, since there is hardly a client without.
   */
  private int forBoringSsl(List<Integer> candidates, ExtendedSSLSession session) {
    List<String> known = Arrays.asList(session.getPeerSupportedSignatureAlgorithms());
    String preferred = session.getProtocol().equals("TLSv1.2") ? "RSA" : "EC";
    int best = candidates.getFirst();
    int bestWorth = -1;
    for (int each : candidates) {
      String algorithm = algorithm(each);
      int worth = (isKnown(algorithm, known) ? 2 : 0) + (algorithm.equals(preferred) ? 1 : 0);
      if (worth > bestWorth) {
        best = each;
        bestWorth = worth;
      }
    }
    return best;
  }

  private static boolean isKnown(String algorithm, List<String> known) {
    String sign = algorithm.equals("EC") ? "ECDSA" : "RSA";
    return known.isEmpty() || known.stream().anyMatch(each -> each.contains(sign));
  }

  private List<Integer> candidates(ExtendedSSLSession session) {
    List<SNIServerName> asked;
    try {
      asked = session.getRequestedServerNames();
    } catch (IllegalArgumentException notAHostName) {
      return fallback;
    }
    for (SNIServerName each : asked) {
      if (each instanceof SNIHostName host) {
        String name = CertificateNames.canonical(host.getAsciiName());
        List<Integer> exact = byName.get(name);
        if (exact != null) {
          return exact;
        }
        String wildcard = CertificateNames.wildcard(name);
        List<Integer> wild = wildcard == null ? null : byName.get(wildcard);
        return wild == null ? fallback : wild;
      }
    }
    return fallback;
  }

  private String algorithm(int alias) {
    return credentials.get(alias).key().getAlgorithm();
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return credentials.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return credentials.get(Integer.parseInt(alias)).key();
  }

  /** The JDK asks for them when a session is resumed. */
  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return IntStream.range(0, credentials.size())
        .filter(each -> algorithm(each).equals(keyType))
        .mapToObj(String::valueOf)
        .toArray(String[]::new);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
