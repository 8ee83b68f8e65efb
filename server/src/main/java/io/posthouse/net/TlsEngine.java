package io.posthouse.net;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Who does the work of TLS in this process. */
public enum TlsEngine {
  /** BoringSSL, which comes with us. */
  BORINGSSL(SslProvider.OPENSSL),
  /** The Java runtime's own: slower, without stapling and without tickets that outlive a reload. */
  JDK(SslProvider.JDK);

  /** The system property that asks for one of them by name. */
  public static final String PROPERTY = "posthouse.tls-engine";

  private static final TlsEngine IN_USE =
      "jdk".equalsIgnoreCase(System.getProperty(PROPERTY)) || !OpenSsl.isAvailable()
          ? JDK
          : BORINGSSL;

  private final SslProvider provider;

  TlsEngine(SslProvider provider) {
    this.provider = provider;
  }

  /** The one in use: BoringSSL where it loads, which it does not from a folder without exec. */
  public static TlsEngine inUse() {
    return IN_USE;
  }

  SslProvider provider() {
    return provider;
  }
}
