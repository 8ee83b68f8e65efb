package io.posthouse.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a channel hears is its own. */
class LazyEpollTest {
  private static final MethodHandle DUP = ofC("dup");
  private static final MethodHandle CLOSE = ofC("close");

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, LazyEpoll.newFactory());
  private final EventLoop loop = group.next();
  private final List<EpollSocketChannel> opened = new ArrayList<>();
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() throws IOException {
    opened.forEach(each -> each.close().syncUninterruptibly());
    group.shutdownGracefully(0, 1, SECONDS).syncUninterruptibly();
    server.close();
  }

  /**
   * A process that is being started holds copies of all descriptors until its program runs. A
   * socket closed meanwhile stays in the epoll set, and what it has to tell comes under the number
   * that the next socket has got.
   */
  @Test
  void whatAClosedSocketStillTellsIsNotTakenForItsSuccessors() throws Throwable {
    EpollSocketChannel closed = connected();
    Socket itsPeer = server.accept();
    read(closed);
    int number = closed.fd().intValue();
    int heldByAChild = (int) DUP.invokeExact(number);
    EpollSocketChannel successor = successorOf(closed, number);
    Heard heard = new Heard();
    successor.pipeline().addLast(heard);
    try (Socket peer = server.accept()) {
      peer.getOutputStream().write("220 not asked for yet\r\n".getBytes(US_ASCII));
      successor.writeAndFlush(Unpooled.wrappedBuffer(new byte[16 << 20])); // It waits for room.
      anotherIsHeard();

      itsPeer.getOutputStream().write('!');
      anotherIsHeard();
      assertThat(heard.what).isEmpty();

      read(successor);
      assertThat(heard.what.poll(5, SECONDS)).isEqualTo("220 not asked for yet\r\n");
    } finally {
      int done = (int) CLOSE.invokeExact(heldByAChild);
      assertThat(done).isZero();
      itsPeer.close();
    }
  }

  /** Turns of the loop pass in which whatever was to be told before is told. */
  private void anotherIsHeard() throws IOException, InterruptedException {
    EpollSocketChannel another = connected();
    try (Socket peer = server.accept()) {
      Heard heard = new Heard();
      another.pipeline().addLast(heard);
      for (int n = 0; n < 3; n++) {
        read(another);
        peer.getOutputStream().write('.');
        assertThat(heard.what.poll(5, SECONDS)).isEqualTo(".");
      }
    }
  }

  /** Closes a channel and connects others, until one has got its number. */
  private EpollSocketChannel successorOf(EpollSocketChannel closed, int number) throws IOException {
    List<EpollSocketChannel> others = new ArrayList<>();
    closed.close().syncUninterruptibly();
    for (int n = 0; n < 100; n++) {
      EpollSocketChannel next = new EpollSocketChannel();
      if (next.fd().intValue() == number) {
        others.forEach(each -> each.unsafe().closeForcibly());
        return connected(next);
      }
      others.add(next);
    }
    throw new AssertionError("somebody else has got descriptor " + number);
  }

  private EpollSocketChannel connected() {
    return connected(new EpollSocketChannel());
  }

  private EpollSocketChannel connected(EpollSocketChannel channel) {
    LinkOptions.set(channel);
    opened.add(channel);
    loop.register(channel).syncUninterruptibly();
    channel.connect(server.getLocalSocketAddress()).syncUninterruptibly();
    return channel;
  }

  private void read(EpollSocketChannel channel) {
    loop.submit(channel::read).syncUninterruptibly();
  }

  @SuppressWarnings(
      "restricted") // dup and close of libc: Java has no other way to copy a descriptor.
  private static MethodHandle ofC(String name) {
    Linker c = Linker.nativeLinker();
    return c.downcallHandle(
        c.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  private static final class Heard extends ChannelInboundHandlerAdapter {
    final BlockingQueue<String> what = new LinkedBlockingQueue<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
      ByteBuf octets = (ByteBuf) read;
      what.add(octets.toString(US_ASCII));
      octets.release();
    }
  }
}
