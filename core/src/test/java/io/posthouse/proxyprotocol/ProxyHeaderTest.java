package io.posthouse.proxyprotocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }

  private static ProxyHeader header(String source, String destination, Tlv... tlvs) {
    return new ProxyHeader(address(source), 56324, address(destination), 25, List.of(tlvs));
  }

  private static String hex(ProxyHeader header) {
    return HexFormat.of().formatHex(header.v2());
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 10.1.1.21, PROXY TCP4 192.0.2.1 10.1.1.21 56324 25",
    "2001:db8::1, fd77::21, PROXY TCP6 2001:db8:0:0:0:0:0:1 fd77:0:0:0:0:0:0:21 56324 25",
    "2001:db8::1, 10.1.1.21, PROXY TCP6 2001:db8:0:0:0:0:0:1 ::ffff:10.1.1.21 56324 25",
    "192.0.2.1, fd77::21, PROXY TCP6 ::ffff:192.0.2.1 fd77:0:0:0:0:0:0:21 56324 25",
    "::ffff:192.0.2.1, 10.1.1.21, PROXY TCP4 192.0.2.1 10.1.1.21 56324 25",
  })
  void version1IsOneLineOfOneFamily(String source, String destination, String line) {
    assertThat(new String(header(source, destination).v1(), US_ASCII)).isEqualTo(line + "\r\n");
  }

  @Test
  void theLongestLineKeepsTheBoundOfTheSpecification() {
    InetAddress longest = address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    ProxyHeader header = new ProxyHeader(longest, 65535, longest, 65535);
    assertThat(header.v1()).hasSizeLessThanOrEqualTo(ProxyHeader.MAX_V1);
  }

  @Test
  void zonesStayAtHome() throws UnknownHostException {
    byte[] local = address("fe80::1").getAddress();
    InetAddress zoned = java.net.Inet6Address.getByAddress("", local, 1);
    assertThat(zoned.getHostAddress()).contains("%");
    assertThat(new String(new ProxyHeader(zoned, 1, zoned, 2).v1(), US_ASCII))
        .isEqualTo("PROXY TCP6 fe80:0:0:0:0:0:0:1 fe80:0:0:0:0:0:0:1 1 2\r\n");
  }

  @Test
  void version2SaysFamilyLengthAddressesAndPorts() {
    assertThat(hex(header("192.0.2.1", "10.1.1.21")))
        .isEqualTo(SIGNATURE + "2111000c" + "c0000201" + "0a010115" + "dc040019");
    assertThat(hex(header("2001:db8::1", "fd77::21")))
        .isEqualTo(
            SIGNATURE
                + "21210024"
                + "20010db8000000000000000000000001"
                + "fd770000000000000000000000000021"
                + "dc040019");
    assertThat(hex(header("192.0.2.1", "fd77::21")))
        .isEqualTo(
            SIGNATURE
                + "21210024"
                + "00000000000000000000ffffc0000201"
                + "fd770000000000000000000000000021"
                + "dc040019");
  }

  @Test
  void factsFollowThePortsAndCountAsLength() {
    Tlv authority = Tlv.of(Tlv.AUTHORITY, "mx.é");
    Tlv ssl = Tlv.ssl(true, true, List.of(Tlv.of(Tlv.SSL_VERSION, "TLSv1.3")));
    assertThat(hex(header("192.0.2.1", "10.1.1.21", authority, ssl)))
        .isEqualTo(
            SIGNATURE
                + "21110026"
                + "c00002010a010115dc040019"
                + "020005"
                + "6d782ec3a9"
                + "20000f"
                + "0700000000"
                + "210007"
                + "544c5376312e33");
  }

  @Test
  void aCertificateThatWasNotVerifiedIsSaidToBeNone() {
    assertThat(Tlv.ssl(false, true, List.of()).value()).containsExactly(1, 0, 0, 0, 1);
    assertThat(Tlv.ssl(true, false, List.of()).value()).containsExactly(7, 0, 0, 0, 1);
  }

  @Test
  void whatNoHeaderCanSayIsRefused() {
    InetAddress any = address("192.0.2.1");
    assertThatThrownBy(() -> new ProxyHeader(any, 65536, any, 25))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ProxyHeader(any, 1, any, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tlv(256, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tlv(1, new byte[65536]))
        .isInstanceOf(IllegalArgumentException.class);
    Tlv big = new Tlv(4, new byte[65_000]);
    assertThatThrownBy(() -> new ProxyHeader(any, 1, any, 25, List.of(big, big)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
