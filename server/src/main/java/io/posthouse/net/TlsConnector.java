package io.posthouse.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.posthouse.certificate.CertificateNames;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.model.MemberTls;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.model.TlsVersion;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What we do our TLS handshakes with the members of a pool with; shared by all loops.
 *
 * <p>Sessions are kept per connector, member and name, so that none outlives what it was verified
 * by. A member that must be verified and has neither a name nor a pinned key, since it is an
 * address without {@code tls-name}, needs that address in its certificate.
 */
public final class TlsConnector {
  /** Believes anything: TLS without verification keeps out who only listens (RFC 7435). */
  private static final EngineTrust ANYBODY =
      new EngineTrust() {
        @Override
        void check(X509Certificate[] chain, SSLEngine engine) {}
      };

  private static final int MOST_SESSIONS = 4096;

  private final MemberTls settings;
  private final SslContext context;

  private TlsConnector(MemberTls settings, SslContext context) {
    this.settings = settings;
    this.context = context;
  }

  /**
   * Reads the files of a pool's TLS.
   *
   * @param directory what relative names of files are relative to
   * @throws TlsException when a file cannot be read or used
   */
  public static TlsConnector of(MemberTls settings, Path directory) throws TlsException {
    return of(settings, directory, TlsEngine.inUse());
  }

  static TlsConnector of(MemberTls settings, Path directory, TlsEngine engine) throws TlsException {
    try {
      return new TlsConnector(
          settings,
          SslContextBuilder.forClient()
              .sslProvider(engine.provider())
              .protocols(TlsAcceptor.protocols(settings.minVersion(), TlsVersion.TLS_1_3))
              .trustManager(trust(settings, directory))
              // Names are checked by our own trust, for the JDK's also believes common names.
              .endpointIdentificationAlgorithm(null)
              .sessionCacheSize(MOST_SESSIONS)
              .build());
    } catch (IllegalArgumentException | SSLException e) {
      throw new TlsException("TLS with members: " + e.getMessage(), e);
    }
  }

  private static EngineTrust trust(MemberTls settings, Path directory) throws TlsException {
    if (settings.mode() != Mode.VERIFIED) {
      return ANYBODY;
    }
    String ca = settings.ca();
    List<X509Certificate> named =
        ca == null ? null : new CredentialReader(directory).certificates("ca", ca);
    X509TrustManager issuers =
        named == null && !settings.pinnedKeys().isEmpty() ? null : Issuers.of(named);
    return new MemberTrust(Set.copyOf(settings.pinnedKeys()), issuers);
  }

  /** What it was made of. */
  public MemberTls settings() {
    return settings;
  }

  /** The handler of one handshake with a member and of the octets behind it; it has no deadline. */
  public SslHandler handler(ByteBufAllocator alloc, Member member) {
    String name = sent(member.tlsName(settings));
    String expected = name == null ? member.address().host() : name;
    SslHandler handler = context.newHandler(alloc, peer(member, expected), member.address().port());
    handler.setHandshakeTimeoutMillis(0);
    handler.setCumulator(TlsAcceptor.GATHERED);
    if (name != null && !IpAddress.isIpv4(name) && !IpAddress.isIpv6(name)) {
      send(name, handler.engine());
    }
    if (settings.mode() == Mode.VERIFIED) {
      PeerTrust.OF_ENGINES.put(handler.engine(), verified -> true);
    }
    return handler;
  }

  private static void send(String name, SSLEngine engine) {
    try {
      SSLParameters parameters = new SSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(name)));
      engine.setSSLParameters(parameters);
    } catch (IllegalArgumentException notForSni) {
      // An underscore is no letter of a host name to the JDK: the member has to do without.
    }
  }

  /**
   * The peer of an engine, which its sessions are kept by: the member and the name that it was
   * verified by. The slash keeps it from being taken for a name to send.
   */
  private static String peer(Member member, String expected) {
    return '/' + member.name() + '/' + expected;
  }

  /** The name or address that the certificate of an engine's peer must have. */
  static String expectedName(SSLEngine engine) {
    String peer = String.valueOf(engine.getPeerHost());
    return peer.substring(peer.lastIndexOf('/') + 1);
  }

  private static @Nullable String sent(@Nullable String name) {
    return name == null ? null : CertificateNames.canonical(name);
  }
}
