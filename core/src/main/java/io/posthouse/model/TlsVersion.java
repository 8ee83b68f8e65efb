package io.posthouse.model;

/** A version of TLS; older ones are broken (RFC 8996). */
public enum TlsVersion implements Spelled {
  /** TLS 1.2 (RFC 5246). */
  TLS_1_2("1.2", "TLSv1.2"),
  /** TLS 1.3 (RFC 8446). */
  TLS_1_3("1.3", "TLSv1.3");

  private final String spelling;
  private final String protocol;

  TlsVersion(String spelling, String protocol) {
    this.spelling = spelling;
    this.protocol = protocol;
  }

  @Override
  public String spelling() {
    return spelling;
  }

  /** Its name in the JDK and in OpenSSL. */
  public String protocol() {
    return protocol;
  }
}
