package io.posthouse.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.posthouse.model.MemberTls;
import io.posthouse.testkit.LoopbackServer;
import io.posthouse.testkit.MachineClock;
import io.posthouse.testkit.NoLeaks;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class PrefaceTest {
  private static final byte[] OCTETS = "PROXY\r\n".getBytes(ISO_8859_1);

  private final LinkedBlockingQueue<String> came = new LinkedBlockingQueue<>();

  private LoopbackServer member(int octets) {
    return LoopbackServer.with(
        c -> came.add(new String(c.getInputStream().readNBytes(octets), ISO_8859_1)));
  }

  private static EpollSocketChannel channel() {
    EpollSocketChannel channel = new EpollSocketChannel(SocketProtocolFamily.INET);
    channel.config().setAutoRead(false);
    return channel;
  }

  private static ChannelFuture connect(Loop loop, EpollSocketChannel channel, int port) {
    channel.pipeline().addFirst(new Preface(OCTETS));
    loop.eventLoop().register(channel).awaitUninterruptibly();
    return channel.connect(new InetSocketAddress("127.0.0.1", port));
  }

  @Test
  void itIsWrittenWithoutAnybodysHelp() throws Exception {
    try (Loops loops = new Loops(1, new MachineClock());
        LoopbackServer member = member(OCTETS.length)) {
      EpollSocketChannel channel = channel();
      connect(loops.all().getFirst(), channel, member.port());
      assertThat(came.poll(10, TimeUnit.SECONDS)).isEqualTo("PROXY\r\n");
      channel.close().awaitUninterruptibly();
    }
  }

  /** Listeners of the connect run before the pipeline hears of it. */
  @Test
  void whoWritesAsSoonAsThereIsAConnectionComesBehindIt() throws Exception {
    try (Loops loops = new Loops(1, new MachineClock());
        LoopbackServer member = member(OCTETS.length + 5)) {
      Loop loop = loops.all().getFirst();
      EpollSocketChannel channel = channel();
      loop.execute(() ->
          connect(loop, channel, member.port())
              .addListener(
                  made -> channel.writeAndFlush(Unpooled.copiedBuffer("early", ISO_8859_1))));
      assertThat(came.poll(10, TimeUnit.SECONDS)).isEqualTo("PROXY\r\nearly");
      assertThat(channel.pipeline().get(Preface.class)).isNull();
      channel.close().awaitUninterruptibly();
    }
  }

  @Test
  void theHandshakeComesBehindIt(@TempDir Path directory) throws Exception {
    TlsSettings settings = new TlsSettings(directory);
    settings.mode = MemberTls.Mode.REQUIRED;
    TlsConnector connector = settings.connector(TlsEngine.inUse());
    try (Loops loops = new Loops(1, new MachineClock());
        LoopbackServer member = member(OCTETS.length + 3)) {
      EpollSocketChannel channel = channel();
      channel
          .pipeline()
          .addLast(
              connector.handler(ByteBufAllocator.DEFAULT, TlsSettings.at("mx.example.net", null)));
      connect(loops.all().getFirst(), channel, member.port());
      assertThat(came.poll(10, TimeUnit.SECONDS)).isEqualTo("PROXY\r\n\u0016\u0003\u0001");
      channel.close().awaitUninterruptibly();
    }
  }

  @Test
  void aConnectThatFailsWritesNothingAndLosesNothing() throws Exception {
    int port;
    try (LoopbackServer gone = member(1)) {
      port = gone.port();
    }
    try (Loops loops = new Loops(1, new MachineClock())) {
      EpollSocketChannel channel = channel();
      ChannelFuture connected = connect(loops.all().getFirst(), channel, port);
      assertThat(connected.awaitUninterruptibly().isSuccess()).isFalse();
    }
  }
}
