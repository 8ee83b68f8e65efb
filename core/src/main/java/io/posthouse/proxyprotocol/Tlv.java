package io.posthouse.proxyprotocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A fact in a header of version 2: a type, and octets (proxy-protocol.txt section 2.2).
 *
 * @param type from 0 to 255
 * @param value at most 65,535 octets
 */
@SuppressWarnings("ArrayRecordComponent") // Written once and never compared.
public record Tlv(int type, byte[] value) {
  /** The host name that the client asked for (SNI), in UTF-8. */
  public static final int AUTHORITY = 0x02;

  /** Facts of TLS; made by {@link #ssl}. */
  public static final int SSL = 0x20;

  /** Within {@link #SSL}: the version, such as {@code TLSv1.3}. */
  public static final int SSL_VERSION = 0x21;

  /** Within {@link #SSL}: the common name of the client's certificate. */
  public static final int SSL_CN = 0x22;

  /** Within {@link #SSL}: the name of the cipher suite. */
  public static final int SSL_CIPHER = 0x23;

  private static final int HEAD = 3;
  private static final int CLIENT_SSL = 0x01;
  private static final int CLIENT_CERT_CONN = 0x02;
  private static final int CLIENT_CERT_SESS = 0x04;

  /** Refuses what a header cannot hold. */
  public Tlv {
    if ((type & ~0xff) != 0 || value.length > 0xffff) {
      throw new IllegalArgumentException(
          "no TLV: type %d, %d octets".formatted(type, value.length));
    }
  }

  /** One whose value is text, in UTF-8. */
  public static Tlv of(int type, String text) {
    return new Tlv(type, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * That the client uses TLS with whoever writes the header (section 2.2.5).
   *
   * @param certificate whether the client showed one
   * @param verified whether that was found good
   * @param facts {@link #SSL_VERSION} (required there), {@link #SSL_CIPHER}, {@link #SSL_CN}
   */
  public static Tlv ssl(boolean certificate, boolean verified, List<Tlv> facts) {
    ByteBuffer value = ByteBuffer.allocate(5 + octets(facts));
    int client = CLIENT_SSL | (certificate ? CLIENT_CERT_CONN | CLIENT_CERT_SESS : 0);
    value.put((byte) client).putInt(certificate && verified ? 0 : 1);
    facts.forEach(fact -> fact.put(value));
    return new Tlv(SSL, value.array());
  }

  /** How many octets these take. */
  static int octets(List<Tlv> tlvs) {
    return tlvs.stream().mapToInt(tlv -> HEAD + tlv.value.length).sum();
  }

  void put(ByteBuffer header) {
    header.put((byte) type).putShort((short) value.length).put(value);
  }
}
