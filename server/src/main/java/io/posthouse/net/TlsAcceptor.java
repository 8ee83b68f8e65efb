package io.posthouse.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.posthouse.door.CertificateFacts;
import io.posthouse.model.ServerTls;
import io.posthouse.model.ServerTls.ClientCertificate;
import io.posthouse.model.TlsVersion;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What the links of a virtual server do their TLS handshakes with; shared by all loops.
 *
 * <p>It never changes, but for what {@link #tick} lets time do: another certificate is another
 * acceptor, which takes the ticket keys over from the one before it, so that clients resume their
 * sessions. Links that have the old one keep it. Server preference, no renegotiation, no
 * compression, no early data.
 */
public final class TlsAcceptor {
  /**
   * Octets of a record that has not come whole are copied together. Netty's own way with BoringSSL
   * keeps a whole buffer for each read, so that one record that trickles would hold thousands.
   */
  static final ByteToMessageDecoder.Cumulator GATHERED = ByteToMessageDecoder.MERGE_CUMULATOR;

  private final ServerTls settings;
  private final TlsEngine engine;
  private final SslContext context;
  private final Material material;
  private final TicketKeys tickets;

  /** What was read from files. */
  private record Material(
      List<Credential> credentials, List<Staple> staples, @Nullable ClientTrust trust) {}

  private TlsAcceptor(
      ServerTls settings, TlsEngine engine, Material material, @Nullable TlsAcceptor previous)
      throws TlsException {
    this.settings = settings;
    this.engine = engine;
    this.material = material;
    // A session that was begun under another rule must not be resumed under this one.
    this.tickets =
        previous != null && previous.settings.clientCertificate() == settings.clientCertificate()
            ? previous.tickets
            : new TicketKeys();
    this.context = context(settings, engine, material);
    useTickets();
  }

  /**
   * Reads the files of a virtual server's TLS. Nothing is stapled before the first {@link #tick}.
   *
   * @param directory what relative names of files are relative to
   * @throws TlsException when a file cannot be read or used
   */
  public static TlsAcceptor of(ServerTls settings, Path directory) throws TlsException {
    return of(settings, directory, TlsEngine.inUse(), null);
  }

  /**
   * Reads the files anew or for the first time.
   *
   * @param directory what relative names of files are relative to
   * @param previous whose place it takes; null for none
   * @throws TlsException when a file cannot be read or used
   */
  public static TlsAcceptor of(
      ServerTls settings, Path directory, @Nullable TlsAcceptor previous, Instant now)
      throws TlsException {
    TlsAcceptor made = of(settings, directory, TlsEngine.inUse(), previous);
    made.tick(now);
    return made;
  }

  static TlsAcceptor of(
      ServerTls settings, Path directory, TlsEngine engine, @Nullable TlsAcceptor previous)
      throws TlsException {
    CredentialReader reader = new CredentialReader(directory);
    List<Credential> credentials = new ArrayList<>();
    credentials.add(
        reader.credential(settings.certificate(), settings.key(), settings.passwordFile()));
    for (ServerTls.Further each : settings.certificates()) {
      credentials.add(reader.credential(each.certificate(), each.key(), each.passwordFile()));
    }
    List<Staple> staples = credentials.stream().map(Staple::of).toList();
    ClientTrust trust = null;
    if (settings.clientCertificate() != ClientCertificate.NONE) {
      String issuers = settings.clientCa();
      if (issuers == null) {
        throw new TlsException("client-certificate: name the issuers with client-ca");
      }
      trust =
          new ClientTrust(
              reader.certificates("client-ca", issuers),
              settings.clientCertificate() == ClientCertificate.REQUIRE);
    }
    Material material = new Material(List.copyOf(credentials), staples, trust);
    return new TlsAcceptor(settings, engine, material, previous);
  }

  private static SslContext context(ServerTls settings, TlsEngine engine, Material material)
      throws TlsException {
    KeyManagerFactoryWrapper keys =
        new KeyManagerFactoryWrapper(new SniKeys(material.credentials(), material.staples()));
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                engine == TlsEngine.JDK ? keys : new OpenSslCachingX509KeyManagerFactory(keys))
            .sslProvider(engine.provider())
            .protocols(protocols(settings.minVersion(), settings.maxVersion()))
            .ciphers(CipherSuites.of(settings.ciphers()), IdentityCipherSuiteFilter.INSTANCE)
            .enableOcsp(engine == TlsEngine.BORINGSSL)
            .clientAuth(
                switch (settings.clientCertificate()) {
                  case NONE -> ClientAuth.NONE;
                  case ASK -> ClientAuth.OPTIONAL;
                  case REQUIRE -> ClientAuth.REQUIRE;
                });
    if (material.trust() != null) {
      builder.trustManager(material.trust());
    }
    try {
      return builder.build();
    } catch (IllegalArgumentException | SSLException e) {
      throw new TlsException(settings.certificate() + ": " + e.getMessage(), e);
    }
  }

  /** The versions from one to another, both included. */
  static List<String> protocols(TlsVersion min, TlsVersion max) throws TlsException {
    if (min.compareTo(max) > 0) {
      throw new TlsException("min-version is newer than max-version");
    }
    return Arrays.stream(TlsVersion.values())
        .filter(each -> each.compareTo(min) >= 0 && each.compareTo(max) <= 0)
        .map(TlsVersion::protocol)
        .toList();
  }

  /** What it was made of. */
  public ServerTls settings() {
    return settings;
  }

  /** Its certificates, the one for unknown names first. */
  public List<CertificateFacts> certificates() {
    return material.credentials().stream().map(Credential::facts).toList();
  }

  /** Why OCSP responses that lie beside certificates are not stapled, for people. */
  public List<String> notStapled() {
    if (engine == TlsEngine.JDK) {
      return List.of();
    }
    return material.staples().stream().map(Staple::problem).filter(Objects::nonNull).toList();
  }

  /** Lets time pass: ticket keys are changed and OCSP responses expire; once a minute will do. */
  public void tick(Instant now) {
    material.staples().forEach(staple -> staple.tick(now));
    if (tickets.rotate(now)) {
      useTickets();
    }
  }

  /** For tests. */
  SslContext context() {
    return context;
  }

  private void useTickets() {
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      // Tickets are all there is: sessions that the server remembers would be its memory.
      sessions.setSessionCacheEnabled(false);
      sessions.setTicketKeys(tickets.keys());
    }
  }

  /** The handler of one client's handshake and of the octets behind it; it has no deadline. */
  public SslHandler handler(ByteBufAllocator alloc) {
    SslHandler handler = context.newHandler(alloc);
    handler.setHandshakeTimeoutMillis(0);
    handler.setCumulator(GATHERED);
    ClientTrust trust = material.trust();
    if (trust != null) {
      PeerTrust.OF_ENGINES.put(handler.engine(), trust);
    }
    if (engine == TlsEngine.JDK) {
      // The JDK would let a client negotiate again and again; BoringSSL has no such thing.
      handler
          .handshakeFuture()
          .addListener(done -> handler.engine().setEnableSessionCreation(false));
    }
    return handler;
  }
}
