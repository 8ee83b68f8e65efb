package io.posthouse.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.posthouse.model.Member;
import io.posthouse.model.MemberTls;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** What we do our TLS handshakes with the members of a pool with; shared by all loops. */
public final class TlsConnector {
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
    try {
      return new TlsConnector(
          settings,
          SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).build());
    } catch (SSLException e) {
      throw new TlsException("TLS with members: " + e.getMessage(), e);
    }
  }

  /** What it was made of. */
  public MemberTls settings() {
    return settings;
  }

  /** The handler of one handshake with a member and of the octets behind it; it has no deadline. */
  public SslHandler handler(ByteBufAllocator alloc, Member member) {
    String name = member.tlsName(settings);
    SslHandler handler =
        name == null
            ? context.newHandler(alloc)
            : context.newHandler(alloc, name, member.address().port());
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }
}
