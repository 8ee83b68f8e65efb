package io.posthouse.relay;

import static io.posthouse.relay.RelayTest.line;
import static io.posthouse.relay.RelayTest.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.posthouse.model.Announce;
import io.posthouse.model.MemberTls;
import io.posthouse.model.ServerTls;
import io.posthouse.model.ServerTls.ClientCertificate;
import io.posthouse.model.TlsVersion;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.net.TlsConnector;
import io.posthouse.proxyprotocol.HeaderReader;
import io.posthouse.proxyprotocol.HeaderVerdict;
import io.posthouse.proxyprotocol.ProxyHeader;
import io.posthouse.testkit.LoopbackServer;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Issued;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links in mode tcp whose client is known from its address, or from a PROXY header; and told. */
@ExtendWith(NoLeaks.class)
class RelayProxyTest {
  private static final TestAuthority CA = TestAuthority.named("relay");
  private static final Issued MX = CA.issue(Kind.EC, "mx.example.net", "127.0.0.1");
  private static final Issued APP = CA.issue(Kind.EC, "app@example.net");
  private static final String CLASSES =
      """
      data-groups: { front: [127.0.0.9], trusted: [127.0.0.2, 192.0.2.0/24, "2001:db8::/32"], gateways: [127.0.0.3] }
      client-classes:
        relay: { from: trusted, relay: any, snat: 127.0.2.9 }
        gateway: { from: gateways, relay: server, snat: 127.0.2.8 }
      """;

  @TempDir Path directory;

  /** For each connection: its source address, what the header said, and the first line behind. */
  private final LinkedBlockingQueue<String> came = new LinkedBlockingQueue<>();

  private RelayHouse house(LoopbackServer member, String keys) {
    RelayHouse house = new RelayHouse().member("m1", member.port());
    house.classes = CLASSES;
    house.keys = "classes: [relay, gateway]" + keys;
    return house;
  }

  private LoopbackServer member() {
    return LoopbackServer.with(c -> {
      came.add(c.getInetAddress().getHostAddress());
      write(c, "220 mx\r\n");
      String said = line(c);
      came.add(said);
    });
  }

  /** A member that reads a header before anything else, and before TLS where that is wanted. */
  private LoopbackServer announced(boolean tls) {
    return LoopbackServer.with(plain -> {
      came.add(text(header(plain.getInputStream())));
      Socket c = plain;
      if (tls) {
        c = (SSLSocket) MX.context().getSocketFactory().createSocket(plain, null, true);
      }
      write(c, "220 mx\r\n");
      came.add(line(c));
      c.close();
    });
  }

  private static ProxyHeader header(InputStream from) throws IOException {
    HeaderReader reader = new HeaderReader();
    HeaderVerdict verdict = null;
    while (verdict == null) {
      verdict = reader.accept((byte) from.read());
    }
    if (verdict instanceof HeaderVerdict.Announced announced) {
      return announced.header();
    }
    throw new IOException(verdict.toString());
  }

  private static String text(ProxyHeader header) {
    return "%s %d to %s %d"
        .formatted(
            header.source().getHostAddress(),
            header.sourcePort(),
            header.destination().getHostAddress(),
            header.destinationPort());
  }

  private String next() throws InterruptedException {
    String next = came.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came to the member");
    }
    return next;
  }

  private static byte[] v2(String client) {
    return new ProxyHeader(
            InetAddress.ofLiteral(client), 4711, InetAddress.ofLiteral("198.51.100.25"), 25)
        .v2();
  }

  /** The reset may be there before connect returns. */
  private static void assertTurnedAway(RelayHouse house, String from, byte... octets) {
    assertThatThrownBy(
            () -> {
              try (Socket client = house.connectFrom(from)) {
                client.getOutputStream().write(octets);
                client.getInputStream().read();
              }
            })
        .isInstanceOf(IOException.class);
  }

  private static void assertReset(Socket client) {
    assertThatThrownBy(
            () -> {
              int octet = client.getInputStream().read();
              throw new IOException(octet < 0 ? "ended" : "heard something");
            })
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("heard something");
  }

  @Test
  void theClassOfAClientDecidesAboutTheAddressThatTheMemberSees() throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, "").start();
        Socket trusted = house.connectFrom("127.0.0.2")) {
      assertThat(line(trusted)).isEqualTo("220 mx");
      assertThat(next()).isEqualTo("127.0.2.9");
      trusted.shutdownOutput();
      assertThat(RelayHouse.field(house.next(), "class")).isEqualTo("relay");
      came.clear();
      try (Socket gateway = house.connectFrom("127.0.0.3")) {
        assertThat(line(gateway)).isEqualTo("220 mx");
        assertThat(next()).isEqualTo("127.0.2.8");
      }
    }
  }

  @Test
  void aClientOfNoClassIsResetAndCountedAsRefused() throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, "").start()) {
      assertTurnedAway(house, "127.0.0.4");
      assertThat(house.end()).isEqualTo("no-class");
      house.awaitNothingLeft();
      assertThat(house.counts().refused()).isOne();
      assertThat(member.accepted()).isZero();
    }
  }

  /** With when-down 421 it hears that, else a reset; and its place is free again afterwards. */
  @ParameterizedTest
  @ValueSource(strings = {"connections: 1", "connections-per-client: 1"})
  void aClassHasNoMoreLinksThanItsLimits(String limit) throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, "")) {
      house.classes = CLASSES.replace("127.0.2.9 }", "127.0.2.9, limits: { " + limit + " } }");
      house.whenDown = WhenDown.REPLY_421;
      house.start();
      try (Socket first = house.connectFrom("127.0.0.2")) {
        assertThat(line(first)).isEqualTo("220 mx");
        try (Socket second = house.connectFrom("127.0.0.2")) {
          assertThat(line(second)).startsWith("421 4.3.2 ");
        }
        assertThat(house.end()).isEqualTo("class-limit");
        assertThat(house.counts().refused()).isOne();
      }
      assertThat(house.end()).isNotEqualTo("class-limit");
      try (Socket third = house.connectFrom("127.0.0.2")) {
        assertThat(line(third)).isEqualTo("220 mx");
      }
    }
  }

  @Test
  void aBelievedPeersClientGetsItsOwnClass() throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, ", believe: { proxy: front }").start();
        Socket front = house.connectFrom("127.0.0.9")) {
      front.getOutputStream().write(v2("192.0.2.1"));
      assertThat(line(front)).isEqualTo("220 mx");
      write(front, "EHLO a\r\n");
      assertThat(next()).isEqualTo("127.0.2.9");
      assertThat(next()).isEqualTo("EHLO a");
      front.shutdownOutput();
      var line = house.next();
      assertThat(RelayHouse.field(line, "client")).isEqualTo("192.0.2.1 4711");
      assertThat(RelayHouse.field(line, "peer")).isEqualTo("127.0.0.9 " + front.getLocalPort());
    }
  }

  /** Its own address is of a class, but its client's is of none. */
  @Test
  void theClassIsThatOfTheClientAndNotOfThePeer() throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, ", believe: { proxy: trusted }").start();
        Socket front = house.connectFrom("127.0.0.2")) {
      front.getOutputStream().write(v2("203.0.113.1"));
      assertReset(front);
      assertThat(house.end()).isEqualTo("no-class");
    }
  }

  @Test
  void whoSpeaksForItselfIsOfItsOwnClass() throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, ", believe: { proxy: trusted }").start();
        Socket front = house.connectFrom("127.0.0.2")) {
      write(front, "PROXY UNKNOWN\r\n");
      assertThat(line(front)).isEqualTo("220 mx");
      assertThat(next()).isEqualTo("127.0.2.9");
      front.shutdownOutput();
      assertThat(house.next().fields()).doesNotContain("peer");
    }
  }

  /** What comes in one piece with the header waits until there is a member. */
  @Test
  void octetsBehindTheHeaderReachTheMember() throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, ", believe: { proxy: front }").start();
        Socket front = house.connectFrom("127.0.0.9")) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(v2("192.0.2.1"));
      all.writeBytes("EHLO early\r\n".getBytes(ISO_8859_1));
      front.getOutputStream().write(all.toByteArray());
      assertThat(next()).isEqualTo("127.0.2.9");
      assertThat(next()).isEqualTo("EHLO early");
      front.shutdownOutput();
      assertThat(RelayHouse.field(house.next(), "in")).isEqualTo("12");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.2", "127.0.0.4"})
  void aPeerThatIsNotListedIsResetWithItsForgedHeader(String peer) throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, ", believe: { proxy: front }").start()) {
      assertTurnedAway(house, peer, v2("192.0.2.1"));
      var line = house.next();
      assertThat(RelayHouse.field(line, "end")).isEqualTo("not-believed");
      assertThat(RelayHouse.field(line, "client")).startsWith(peer + " ");
      house.awaitNothingLeft();
      assertThat(house.counts().refused()).isOne();
      assertThat(member.accepted()).isZero();
    }
  }

  @Test
  void aBelievedPeerWithoutAHeaderIsClosed() throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, ", believe: { proxy: front }").start();
        Socket front = house.connectFrom("127.0.0.9")) {
      write(front, "EHLO a\r\n");
      assertReset(front);
      var line = house.next();
      assertThat(RelayHouse.field(line, "end")).isEqualTo("no-header");
      assertThat(RelayHouse.field(line, "detail")).isEqualTo("no header");
      house.awaitNothingLeft();
      assertThat(house.counts().refused()).isOne();
    }
  }

  @Test
  void whereNobodyIsBelievedAHeaderIsOctetsLikeOthers() throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, "").start();
        Socket forger = house.connectFrom("127.0.0.3")) {
      write(forger, "PROXY TCP4 192.0.2.1 198.51.100.25 4711 25\r\n");
      assertThat(next()).isEqualTo("127.0.2.8");
      assertThat(next()).startsWith("PROXY TCP4");
    }
  }

  @Test
  void aLinkThatWaitsForItsHeaderCanBeCut() throws Exception {
    try (LoopbackServer member = member();
        RelayHouse house = house(member, ", believe: { proxy: front }").start();
        Socket front = house.connectFrom("127.0.0.9")) {
      org.awaitility.Awaitility.await().until(() -> house.server().open() == 1);
      house.server().cutAll();
      assertReset(front);
      assertThat(house.end()).isEqualTo("cut");
      house.awaitNothingLeft();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PROXY_V1", "PROXY_V2"})
  void aMemberIsToldTheClientBeforeAnythingElse(Announce how) throws Exception {
    try (LoopbackServer member = announced(false);
        RelayHouse house = house(member, "")) {
      house.announce = how;
      house.start();
      try (Socket client = house.connectFrom("127.0.0.2")) {
        write(client, "EHLO a\r\n");
        assertThat(next())
            .isEqualTo(
                "127.0.0.2 %d to 127.0.0.1 %d".formatted(client.getLocalPort(), house.port()));
        assertThat(next()).isEqualTo("EHLO a");
        assertThat(member.failures()).isEmpty();
      }
    }
  }

  @Test
  void whatABelievedPeerSaidIsPassedOnBeforeItsOctets() throws Exception {
    try (LoopbackServer member = announced(false);
        RelayHouse house = house(member, ", believe: { proxy: front }")) {
      house.announce = Announce.PROXY_V2;
      house.start();
      try (Socket front = house.connectFrom("127.0.0.9")) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(v2("192.0.2.1"));
        all.writeBytes("EHLO early\r\n".getBytes(ISO_8859_1));
        front.getOutputStream().write(all.toByteArray());
        assertThat(next()).isEqualTo("192.0.2.1 4711 to 198.51.100.25 25");
        assertThat(next()).isEqualTo("EHLO early");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PROXY_V1", "PROXY_V2"})
  void anIpv6ClientOfABelievedPeerIsToldToAnIpv4Member(Announce how) throws Exception {
    try (LoopbackServer member = announced(false);
        RelayHouse house = house(member, ", believe: { proxy: front }")) {
      house.announce = how;
      house.start();
      try (Socket front = house.connectFrom("127.0.0.9")) {
        write(front, "PROXY TCP6 2001:db8::1 2001:db8::25 4711 25\r\n");
        assertThat(next()).isEqualTo("2001:db8:0:0:0:0:0:1 4711 to 2001:db8:0:0:0:0:0:25 25");
      }
    }
  }

  @Test
  void theHeaderComesBeforeTheTlsOfTheMember() throws Exception {
    try (LoopbackServer member = announced(true);
        RelayHouse house = house(member, "")) {
      house.announce = Announce.PROXY_V2;
      Files.writeString(directory.resolve("ca.pem"), CA.pem());
      MemberTls settings =
          new MemberTls(
              MemberTls.Mode.VERIFIED, true, null, "ca.pem", List.of(), TlsVersion.TLS_1_2);
      house.memberTls = TlsConnector.of(settings, directory);
      house.start();
      try (Socket client = house.connectFrom("127.0.0.2")) {
        assertThat(line(client)).isEqualTo("220 mx");
        write(client, "EHLO a\r\n");
        assertThat(next()).startsWith("127.0.0.2 ");
        assertThat(next()).isEqualTo("EHLO a");
        client.shutdownOutput();
        assertThat(RelayHouse.field(house.next(), "member-tls")).isEqualTo("TLSv1.3");
      }
    }
  }

  /** A header, then TLS that ends here; the member is told both who it is and what its TLS is. */
  @Test
  void aMemberIsToldOfTheTlsThatEndsHere() throws Exception {
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              write(c, "220 mx\r\n");
              came.add(
                  new String(c.getInputStream().readNBytes(16 + 12 + 13 + 3 + 5 + 10), ISO_8859_1));
              c.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            });
        RelayHouse house = house(member, ", believe: { proxy: front }")) {
      house.announce = Announce.PROXY_V2;
      house.tls = acceptor();
      house.start();
      try (Socket front = house.connectFrom("127.0.0.9")) {
        front.getOutputStream().write(v2("192.0.2.1"));
        try (SSLSocket tls =
            (SSLSocket) app().getSocketFactory().createSocket(front, "mx.example", 465, true)) {
          assertThat(line(tls)).isEqualTo("220 mx");
        }
      }
      assertThat(next())
          .contains("\300\0\2\1" + "\306\63\144\31" + "\22\147" + "\0\31")
          .contains("\2\0\12mx.example" + "\40\0")
          .endsWith("\7\0\0\0\0" + "\41\0\7TLSv1.3");
    }
  }

  /** The client with a certificate. */
  private static SSLContext app() throws SSLException {
    SslContext context =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .keyManager(APP.key(), APP.certificate())
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .build();
    return ((JdkSslContext) context).context();
  }

  private TlsAcceptor acceptor() throws Exception {
    Files.writeString(directory.resolve("mx.pem"), MX.pem());
    Files.writeString(directory.resolve("clients.pem"), CA.pem());
    ServerTls settings =
        new ServerTls(
            null,
            true,
            "mx.pem",
            null,
            null,
            List.of(),
            ClientCertificate.ASK,
            "clients.pem",
            TlsVersion.TLS_1_2,
            TlsVersion.TLS_1_3,
            List.of(),
            Duration.ofSeconds(30));
    return TlsAcceptor.of(settings, directory);
  }
}
