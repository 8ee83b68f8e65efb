package io.posthouse.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.posthouse.model.Endpoint;
import io.posthouse.proxyprotocol.HeaderReader;
import io.posthouse.proxyprotocol.ProxyHeader;
import io.posthouse.proxyprotocol.Tlv;
import io.posthouse.testkit.LoopbackServer;
import io.posthouse.testkit.MachineClock;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links in front of which stands a PROXY header, or should; behind the gate is an echo. */
@ExtendWith(NoLeaks.class)
class ProxyGateTest {
  private static final ProxyHeader HEADER =
      new ProxyHeader(
          InetAddress.ofLiteral("192.0.2.1"), 56324, InetAddress.ofLiteral("198.51.100.25"), 25);
  private static final String GREETING = "220 mx\r\n";

  private final Loops loops = new Loops(1, new MachineClock());
  private final LinkLimit limit = new LinkLimit(1000);
  private final LinkedBlockingQueue<ClientIdentity> clients = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> refusals = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<EpollSocketChannel> accepted = new LinkedBlockingQueue<>();
  private long patience = 20_000;
  private boolean closesAtOnce;
  private @Nullable TlsAcceptor tls;
  private @Nullable Listener listener;

  @BeforeEach
  void listen() throws ListenException {
    Listener opened = Listener.open(new Endpoint("127.0.0.1", 0), loops, limit, event -> {}, false);
    opened.serve((loop, client) -> {
      ProxyGate.open(loop, client, patience, identity -> serve(client, identity), refusals::add);
      accepted.add(client); // Now that it is on its loop.
    });
    listener = opened;
  }

  @AfterEach
  void close() {
    if (listener != null) {
      listener.close();
    }
    loops.close();
  }

  private void serve(EpollSocketChannel client, ClientIdentity identity) {
    clients.add(identity);
    if (closesAtOnce) {
      client.pipeline().addLast(new Echo());
      client.close();
      return;
    }
    TlsAcceptor acceptor = tls;
    if (acceptor != null) {
      client.pipeline().addLast(acceptor.handler(client.alloc()));
    }
    client.pipeline().addLast(new Echo());
    if (acceptor == null) {
      client.writeAndFlush(client.alloc().buffer().writeBytes(GREETING.getBytes(ISO_8859_1)));
    }
    client.read();
  }

  /** Sends back what comes. */
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
      ctx.write(read);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
      ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == ChannelInputShutdownEvent.INSTANCE) {
        ctx.close();
      }
    }
  }

  private Socket connect() throws IOException {
    if (listener == null) {
      throw new AssertionError("not listening");
    }
    Socket socket = new Socket();
    socket.setSoTimeout(15_000);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress("127.0.0.1", listener.address().port()), 10_000);
    return socket;
  }

  private ClientIdentity next() throws InterruptedException {
    ClientIdentity next = clients.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nobody got through");
    }
    return next;
  }

  private static byte[] local() {
    return HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "20000000");
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] each : parts) {
      all.writeBytes(each);
    }
    return all.toByteArray();
  }

  static List<byte[]> headers() {
    Tlv noop = new Tlv(4, new byte[1500]);
    return List.of(
        HEADER.v1(),
        HEADER.v2(),
        new ProxyHeader(
                HEADER.source(), 56324, HEADER.destination(), 25, List.of(noop, Tlv.of(2, "mx")))
            .v2());
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("headers")
  void theClientIsWhoTheHeaderNames(byte[] header) throws Exception {
    try (Socket client = connect()) {
      client.getOutputStream().write(header);
      assertThat(client.getInputStream().readNBytes(GREETING.length()))
          .isEqualTo(GREETING.getBytes(ISO_8859_1));
      assertThat(next())
          .isEqualTo(
              new ClientIdentity(
                  new InetSocketAddress("192.0.2.1", 56324),
                  new InetSocketAddress("198.51.100.25", 25),
                  true));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 x 1 2\r\n", ""})
  void whoeverSpeaksForItselfIsWhoTheKernelSays(String line) throws Exception {
    try (Socket client = connect()) {
      client.getOutputStream().write(line.isEmpty() ? local() : line.getBytes(ISO_8859_1));
      assertThat(next())
          .isEqualTo(
              new ClientIdentity(
                  (InetSocketAddress) client.getLocalSocketAddress(),
                  (InetSocketAddress) client.getRemoteSocketAddress(),
                  false));
    }
  }

  @Test
  void nothingIsSaidBeforeTheHeaderIsWhole() throws Exception {
    byte[] header = HEADER.v2();
    try (Socket client = connect()) {
      client.getOutputStream().write(header, 0, header.length - 1);
      client.setSoTimeout(200);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(java.net.SocketTimeoutException.class);
      client.setSoTimeout(10_000);
      client.getOutputStream().write(header, header.length - 1, 1);
      assertThat(client.getInputStream().read()).isEqualTo('2');
    }
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("headers")
  void octetsBehindTheHeaderArriveOnceAndInOrderHoweverTheyAreCut(byte[] header) throws Exception {
    byte[] mail = "EHLO client.example\r\nMAIL FROM:<a@example>\r\n".getBytes(ISO_8859_1);
    byte[] all = join(header, mail);
    int step = Math.max(1, all.length / 100);
    for (int cut = 1; cut < all.length; cut += step) {
      try (Socket client = connect()) {
        client.getOutputStream().write(all, 0, cut);
        if (cut > header.length) {
          next(); // So that the cut is where it is meant to be.
        }
        client.getOutputStream().write(all, cut, all.length - cut);
        assertEchoes(client, mail);
      }
    }
  }

  @Test
  void octetByOctetIsFineWithinTheTime() throws Exception {
    byte[] mail = "EHLO client.example\r\n".getBytes(ISO_8859_1);
    try (Socket client = connect()) {
      for (byte octet : join(HEADER.v2(), mail)) {
        client.getOutputStream().write(octet);
      }
      assertEchoes(client, mail);
    }
  }

  @Test
  void muchBehindTheHeaderArrivesWhole() throws Exception {
    byte[] mail = new byte[1 << 20];
    for (int i = 0; i < mail.length; i++) {
      mail[i] = (byte) (i * 31 + (i >> 8));
    }
    try (Socket client = connect()) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.getOutputStream().write(join(HEADER.v1(), mail));
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      assertEchoes(client, mail);
      sender.join();
    }
  }

  private static void assertEchoes(Socket client, byte[] mail) throws IOException {
    byte[] echoed = client.getInputStream().readNBytes(GREETING.length() + mail.length);
    assertThat(echoed).isEqualTo(join(GREETING.getBytes(ISO_8859_1), mail));
    client.shutdownOutput();
    assertThat(client.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void anEndBehindTheHeaderIsForWhoeverTookTheLinkOver() throws Exception {
    try (Socket client = connect()) {
      client.getOutputStream().write(HEADER.v1());
      client.shutdownOutput();
      assertThat(new String(client.getInputStream().readAllBytes(), ISO_8859_1))
          .isEqualTo(GREETING);
      assertThat(refusals).isEmpty();
    }
  }

  @Test
  void tlsComesBehindTheHeader(@TempDir Path directory) throws Exception {
    TestAuthority.Issued issued = TestAuthority.named("tests").issue(Kind.EC, "mx.example.net");
    tls = new TlsSettings(directory).file("mx.pem", issued.pem()).acceptor(TlsEngine.inUse());
    try (Socket client = connect()) {
      client.getOutputStream().write(HEADER.v2());
      SSLSocket secure = (SSLSocket) trusting().createSocket(client, "mx.example.net", 465, true);
      secure.getOutputStream().write("EHLO a\r\n".getBytes(ISO_8859_1));
      assertThat(new String(secure.getInputStream().readNBytes(8), ISO_8859_1))
          .isEqualTo("EHLO a\r\n");
      assertThat(next().announced()).isTrue();
    }
  }

  private static javax.net.ssl.SSLSocketFactory trusting() throws Exception {
    javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLS");
    context.init(
        null,
        io.netty.handler.ssl.util.InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
        null);
    return context.getSocketFactory();
  }

  static List<byte[]> noHeaders() {
    byte[] v1 = HEADER.v1();
    byte[] v2 = HEADER.v2();
    byte[] udp = v2.clone();
    udp[13] = 0x12;
    byte[] unix = v2.clone();
    unix[13] = 0x31;
    byte[] version3 = v2.clone();
    version3[12] = 0x31;
    byte[] longest = v2.clone();
    longest[14] = (byte) 0xff;
    return List.of(
        "EHLO client.example\r\n".getBytes(ISO_8859_1),
        "GET / HTTP/1.1\r\nHost: mx\r\n\r\n".getBytes(ISO_8859_1),
        HexFormat.of().parseHex("160301020001000001fc0303"),
        ("PROXY TCP4 " + "1".repeat(200)).getBytes(ISO_8859_1),
        "PROXY TCP4 192.0.2.1 198.51.100.25 70000 25\r\n".getBytes(ISO_8859_1),
        join("proxy".getBytes(ISO_8859_1), v1),
        udp,
        unix,
        version3,
        longest,
        new byte[HeaderReader.MAX_V2]);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("noHeaders")
  void whatIsNoHeaderIsClosedWithoutAWord(byte[] octets) throws Exception {
    try (Socket client = connect()) {
      client.getOutputStream().write(octets);
      assertClosed(client);
      assertThat(refusals.poll(10, TimeUnit.SECONDS)).isNotNull().doesNotContain("client.example");
      assertThat(clients).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 11, 12, 13, 15, 16, 27})
  void aHeaderThatIsCutIsRefused(int octets) throws Exception {
    try (Socket client = connect()) {
      client.getOutputStream().write(Arrays.copyOf(HEADER.v2(), octets));
      client.shutdownOutput();
      assertClosed(client);
      assertThat(refusals.poll(10, TimeUnit.SECONDS)).contains("ended before its header");
    }
    try (Socket client = connect()) {
      client.getOutputStream().write(Arrays.copyOf(HEADER.v1(), octets));
      await().until(() -> accepted.size() == 2);
      LoopbackServer.reset(client);
      assertThat(refusals.poll(10, TimeUnit.SECONDS)).contains("broke before its header");
    }
    assertThat(clients).isEmpty();
  }

  @Test
  void aHeaderThatIsLateIsRefusedHoweverItTrickles() throws Exception {
    patience = 300;
    try (Socket silent = connect();
        Socket slow = connect()) {
      byte[] header = HEADER.v1();
      slow.getOutputStream().write(header, 0, header.length - 1);
      assertClosed(silent);
      assertClosed(slow);
      assertThat(refusals.poll(10, TimeUnit.SECONDS)).isEqualTo("no header within 300 ms");
      assertThat(refusals.poll(10, TimeUnit.SECONDS)).isEqualTo("no header within 300 ms");
      assertThat(clients).isEmpty();
    }
  }

  @Test
  void anOwnerThatClosesMeanwhileIsTold() throws Exception {
    try (Socket client = connect()) {
      EpollSocketChannel link = accepted.poll(10, TimeUnit.SECONDS);
      assertThat(link).isNotNull();
      link.close();
      assertClosed(client);
      assertThat(refusals.poll(10, TimeUnit.SECONDS)).contains("was closed before its header");
    }
  }

  @Test
  void whoeverTakesTheLinkOverMayCloseItAtOnce() throws Exception {
    closesAtOnce = true;
    try (Socket client = connect()) {
      client.getOutputStream().write(join(HEADER.v1(), new byte[5000]));
      assertClosed(client);
      next();
      assertThat(refusals).isEmpty();
    }
  }

  private static void assertClosed(Socket client) throws IOException {
    int octet;
    try {
      octet = client.getInputStream().read();
    } catch (java.net.SocketTimeoutException open) {
      throw open;
    } catch (IOException reset) {
      octet = -1;
    }
    assertThat(octet).isEqualTo(-1);
  }
}
