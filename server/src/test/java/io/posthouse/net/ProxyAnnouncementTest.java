package io.posthouse.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.posthouse.model.Announce;
import io.posthouse.testkit.NoLeaks;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
class ProxyAnnouncementTest {
  private static final ClientIdentity CLIENT =
      new ClientIdentity(
          new InetSocketAddress("192.0.2.1", 56324), new InetSocketAddress("10.0.0.25", 465), true);
  private static final String V2 =
      "\r\n\r\n\0\r\nQUIT\n!\21%s" + "\300\0\2\1" + "\n\0\0\31" + "\334\4" + "\1\321";

  private static String written(Announce how, @Nullable TlsFacts tls) {
    Preface preface = ProxyAnnouncement.preface(how, CLIENT, tls);
    assertThat(preface).isNotNull();
    EmbeddedChannel channel = new EmbeddedChannel(preface);
    ByteBuf octets = channel.readOutbound();
    try {
      return octets.toString(ISO_8859_1);
    } finally {
      octets.release();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "XCLIENT", "HEADER"})
  void otherWaysPutNothingInFront(Announce how) {
    assertThat(ProxyAnnouncement.preface(how, CLIENT, null)).isNull();
  }

  @Test
  void version1TellsAddresses() {
    TlsFacts tls = new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", true, "a", "b", "c");
    assertThat(written(Announce.PROXY_V1, tls))
        .isEqualTo("PROXY TCP4 192.0.2.1 10.0.0.25 56324 465\r\n");
  }

  @Test
  void version2InPlainTellsAddresses() {
    assertThat(written(Announce.PROXY_V2, null)).isEqualTo(V2.formatted("\0\f"));
  }

  @Test
  void version2TellsTheClientsTls() {
    TlsFacts tls = new TlsFacts("TLSv1.3", "TLS_A", false, "", "", "mx.example");
    assertThat(written(Announce.PROXY_V2, tls))
        .isEqualTo(
            V2.formatted("\0\63")
                + "\2\0\12mx.example"
                + "\40\0\27\1\0\0\0\1" // TLS, no certificate
                + "\41\0\7TLSv1.3"
                + "\43\0\5TLS_A");
  }

  @Test
  void aClientWithoutANameAsksForNone() {
    TlsFacts tls = new TlsFacts("TLSv1.3", "TLS_A", true, "me@example", "me", "");
    assertThat(written(Announce.PROXY_V2, tls))
        .isEqualTo(
            V2.formatted("\0\53")
                + "\40\0\34\7\0\0\0\0" // TLS, a certificate, which is trusted
                + "\41\0\7TLSv1.3"
                + "\43\0\5TLS_A"
                + "\42\0\2me");
  }
}
