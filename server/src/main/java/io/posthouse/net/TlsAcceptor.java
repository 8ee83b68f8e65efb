package io.posthouse.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.posthouse.model.ServerTls;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** What the clients of a virtual server do their TLS handshakes with; shared by all loops. */
public final class TlsAcceptor {
  private final SslContext context;

  private TlsAcceptor(SslContext context) {
    this.context = context;
  }

  /**
   * Reads the files of a virtual server's TLS.
   *
   * @param directory what relative names of files are relative to
   * @throws TlsException when a file cannot be read or used
   */
  public static TlsAcceptor of(ServerTls settings, Path directory) throws TlsException {
    try {
      Path certificate = directory.resolve(settings.certificate());
      String key = settings.key();
      return new TlsAcceptor(
          SslContextBuilder.forServer(
                  certificate.toFile(),
                  (key == null ? certificate : directory.resolve(key)).toFile())
              .build());
    } catch (IllegalArgumentException | SSLException e) {
      throw new TlsException(settings.certificate() + ": " + e.getMessage(), e);
    }
  }

  /** The handler of one client's handshake and of the octets behind it; it has no deadline. */
  public SslHandler handler(ByteBufAllocator alloc) {
    SslHandler handler = context.newHandler(alloc);
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }
}
