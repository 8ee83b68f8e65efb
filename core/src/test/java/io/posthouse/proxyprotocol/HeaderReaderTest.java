package io.posthouse.proxyprotocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.proxyprotocol.HeaderVerdict.Announced;
import io.posthouse.proxyprotocol.HeaderVerdict.Own;
import io.posthouse.proxyprotocol.HeaderVerdict.Refused;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderReaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String IPV4 = "c0000201" + "0a010115" + "dc040019";

  /** What octets come to; nothing may come behind the last that the reader needs. */
  static @Nullable HeaderVerdict read(byte... octets) {
    HeaderReader reader = new HeaderReader();
    for (int i = 0; i < octets.length; i++) {
      HeaderVerdict verdict = reader.accept(octets[i]);
      if (verdict != null) {
        assertThat(verdict instanceof Refused || i == octets.length - 1).as("octet " + i).isTrue();
        return verdict;
      }
    }
    return null;
  }

  private static @Nullable HeaderVerdict line(String line) {
    return read((line + "\r\n").getBytes(ISO_8859_1));
  }

  private static @Nullable HeaderVerdict hex(String behindSignature) {
    return read(HexFormat.of().parseHex(SIGNATURE + behindSignature));
  }

  private static void assertRefused(@Nullable HeaderVerdict verdict, String reason) {
    assertThat(verdict).isEqualTo(new Refused(reason));
  }

  private static ProxyHeader header(String source, String destination) {
    return new ProxyHeader(
        InetAddress.ofLiteral(source), 65535, InetAddress.ofLiteral(destination), 25);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 10.1.1.21",
    "255.255.255.254, 1.0.0.0",
    "2001:db8::1, fd77::21",
    "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ::1",
    "192.0.2.1, ::1",
  })
  void whatIsWrittenIsReadOctetByOctet(String source, String destination) {
    ProxyHeader header = header(source, destination);
    for (byte[] octets : List.of(header.v1(), header.v2())) {
      assertThat(read(octets)).isEqualTo(new Announced(header));
      for (int cut = 0; cut < octets.length; cut++) {
        assertThat(read(Arrays.copyOf(octets, cut))).as("cut at " + cut).isNull();
      }
    }
  }

  @Test
  void anIpv4AddressInIpv6ClothesIsTheIpv4Address() {
    assertThat(line("PROXY TCP6 ::ffff:192.0.2.1 ::FFFF:10.1.1.21 65535 25"))
        .isEqualTo(new Announced(header("192.0.2.1", "10.1.1.21")));
  }

  @Test
  void aPortThatTheSenderDoesNotKnowIs0() {
    assertThat(line("PROXY TCP4 192.0.2.1 10.1.1.21 0 25")).isInstanceOf(Announced.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROXY UNKNOWN", "PROXY UNKNOWN ffff::1 what ever 0 65536 7"})
  void unknownSpeaksForItself(String line) {
    assertThat(line(line)).isEqualTo(new Own());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "20000000",
        "20110000",
        "20ff0003aabbcc",
        "2031000cffffffff0000000000000000",
        "21000000",
        "2100000412345678"
      })
  void localSpeaksForItself(String hex) {
    assertThat(hex(hex)).isEqualTo(new Own());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 192.0.2.1 10.1.1.21 65536 25",
        "PROXY TCP4 192.0.2.1 10.1.1.21 065 25",
        "PROXY TCP4 192.0.2.1 10.1.1.21 -1 25",
        "PROXY TCP4 192.0.2.1 10.1.1.21 +1 25",
        "PROXY TCP4 192.0.2.1 10.1.1.21 1 ",
        "PROXY TCP4 192.0.2.1 10.1.1.21 99999999999 25",
        "PROXY TCP4 192.0.2.1 10.1.1.21 1 \u0662\u0665",
        "PROXY TCP4 192.0.2.01 10.1.1.21 1 25",
        "PROXY TCP4 192.0.2 10.1.1.21 1 25",
        "PROXY TCP4 3221225985 10.1.1.21 1 25",
        "PROXY TCP4 192.0.2.256 10.1.1.21 1 25",
        "PROXY TCP4 mx.example 10.1.1.21 1 25",
        "PROXY TCP4 2001:db8::1 2001:db8::2 1 25",
        "PROXY TCP6 192.0.2.1 10.1.1.21 1 25",
        "PROXY TCP6 2001:db8::1%lo 2001:db8::2 1 25",
        "PROXY TCP6 2001:db8:::1 2001:db8::2 1 25",
        "PROXY TCP6 :: : 1 25",
      })
  void nonsenseInPlaceOfAnAddressOrPortIsRefused(String line) {
    assertRefused(line(line), "no such address or port");
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.1 10.1.1.21 1, not two addresses and two ports",
    "'PROXY TCP4 192.0.2.1 10.1.1.21 1 25 ', not two addresses and two ports",
    "PROXY TCP4 192.0.2.1 10.1.1.21 1 25 7, not two addresses and two ports",
    "PROXY TCP4  192.0.2.1 10.1.1.21 1 25, not two addresses and two ports",
    "PROXY UDP4 192.0.2.1 10.1.1.21 1 25, unknown family",
    "PROXY tcp4 192.0.2.1 10.1.1.21 1 25, unknown family",
    "PROXY unknown, unknown family",
    "'PROXY ', unknown family",
    "PROXY TCP4 0.0.0.0 10.1.1.21 1 25, an address that no host has",
    "PROXY TCP4 192.0.2.1 224.0.0.1 1 25, an address that no host has",
    "PROXY TCP4 255.255.255.255 10.1.1.21 1 25, an address that no host has",
    "PROXY TCP6 :: 2001:db8::1 1 25, an address that no host has",
    "PROXY TCP6 2001:db8::1 ff02::1 1 25, an address that no host has",
    "proxy TCP4 192.0.2.1 10.1.1.21 1 25, no header",
    "EHLO client.example, no header",
    "GET / HTTP/1.1, no header",
    "PROXZ, no header",
    "' PROXY UNKNOWN', no header",
  })
  void otherLinesAreRefused(String line, String reason) {
    assertRefused(line(line), reason);
  }

  @Test
  void refusesAtTheFirstOctetThatIsNotOfAHeader() {
    assertRefused(read((byte) 'E'), "no header");
    assertRefused(read((byte) 0x16), "TLS and no header before it");
    assertRefused(read((byte) 0), "no header");
    assertRefused(read("PROXY\t".getBytes(ISO_8859_1)), "no header");
    assertRefused(read("\r\n\r\n.".getBytes(ISO_8859_1)), "no header");
  }

  @Test
  void oneLineEndIsTaken() {
    assertRefused(
        read("PROXY UNKNOWN\n".getBytes(ISO_8859_1)), "a line feed without a carriage return");
    assertRefused(
        read("PROXY UNKNOWN\r\r".getBytes(ISO_8859_1)), "a carriage return within the header");
  }

  @Test
  void version1EndsWithin107Octets() {
    String most = "PROXY UNKNOWN " + "x".repeat(ProxyHeader.MAX_V1 - 16);
    assertThat(line(most)).isEqualTo(new Own());
    assertRefused(line(most + "x"), "longer than 107 octets");
    assertRefused(read((most + "xx").getBytes(ISO_8859_1)), "longer than 107 octets");
  }

  @ParameterizedTest
  @CsvSource({
    "11, unknown version",
    "01, unknown version",
    "a1, unknown version",
    "22, unknown command",
    "2f, unknown command",
    "2112, unknown family",
    "2122, unknown family",
    "2131, unknown family",
    "2132, unknown family",
    "2110, unknown family",
    "2101, unknown family",
    "21f1, unknown family",
    "21110801, longer than 2064 octets",
    "2000ffff, longer than 2064 octets",
    "2111000bc00002010a010115dc0400, too short for its addresses",
    "21110000, too short for its addresses",
    "2121000c" + IPV4 + ", too short for its addresses",
    "2111000c" + "00000000" + "0a010115" + "dc040019, an address that no host has",
    "2111000d" + IPV4 + "04, a fact longer than the header",
    "2111000e" + IPV4 + "0400, a fact longer than the header",
    "2111000f" + IPV4 + "040001, a fact longer than the header",
    "21110013" + IPV4 + "03000400000000, wrong check sum",
    "21110012" + IPV4 + "030003000000, wrong check sum",
  })
  void otherHeadersOfVersion2AreRefused(String hex, String reason) {
    assertRefused(hex(hex), reason);
  }

  @Test
  void theLongestHeaderOfVersion2IsTaken() {
    byte[] noop = new byte[2048 - 12 - 3];
    ProxyHeader header = header("192.0.2.1", "10.1.1.21");
    byte[] octets =
        new ProxyHeader(
                header.source(),
                header.sourcePort(),
                header.destination(),
                header.destinationPort(),
                List.of(new Tlv(4, noop)))
            .v2();
    assertThat(octets).hasSize(HeaderReader.MAX_V2);
    assertThat(read(octets)).isEqualTo(new Announced(header));
  }

  /** Every octet that is changed is noticed, but the one that says that there is a sum. */
  @Test
  void aCheckSumIsChecked() {
    byte[] octets = summed();
    assertThat(read(octets)).isEqualTo(new Announced(header("192.0.2.1", "10.1.1.21")));
    for (int i = 16; i < octets.length; i++) {
      if (i == 33) {
        continue;
      }
      byte[] changed = octets.clone();
      changed[i] ^= 0x10;
      assertThat(read(changed)).as("octet " + i).isInstanceOf(Refused.class);
    }
  }

  private static byte[] summed() {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes(HexFormat.of().parseHex(SIGNATURE + "2111001b"));
    header.writeBytes(HexFormat.of().parseHex("c00002010a010115ffff0019" + "0400025566"));
    header.writeBytes(HexFormat.of().parseHex("03000400000000" + "EA0000"));
    byte[] octets = header.toByteArray();
    CRC32C sum = new CRC32C();
    sum.update(octets);
    ByteBuffer.wrap(octets).putInt(36, (int) sum.getValue());
    return octets;
  }
}
