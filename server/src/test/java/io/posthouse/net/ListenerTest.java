package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.EpollSocketChannel;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.model.Endpoint;
import io.posthouse.testkit.MachineClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenerTest {
  private final Loops loops = new Loops(1, new MachineClock());
  private final LinkLimit limit = new LinkLimit(1000);
  private final Queue<Event> events = new ConcurrentLinkedQueue<>();
  private final LinkedBlockingQueue<EpollSocketChannel> accepted = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    loops.close();
  }

  @Test
  void takesClientsOfIpv4() throws Exception {
    Listener listener = serving("127.0.0.1");
    connect("127.0.0.1", listener);
    assertThat(next().remoteAddress().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
  }

  @Test
  void takesClientsOfIpv6() throws Exception {
    Listener listener = serving("::1");
    connect("::1", listener);
    assertThat(next().remoteAddress().getAddress().getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
  }

  @Test
  void theStarTakesBothFamiliesAndShowsIpv4ClientsAsSuch() throws Exception {
    Listener listener = serving("*");
    connect("127.0.0.1", listener);
    assertThat(next().remoteAddress().getAddress().getAddress()).hasSize(4);
    connect("::1", listener);
    assertThat(next().remoteAddress().getAddress().getAddress()).hasSize(16);
  }

  @Test
  void anIpv6AddressTakesNoIpv4() throws Exception {
    Listener listener = serving("::");
    assertThatThrownBy(() -> connect("127.0.0.1", listener)).isInstanceOf(IOException.class);
    connect("::1", listener);
    next();
  }

  @Test
  void everyLoopListens() throws Exception {
    try (Loops three = new Loops(3, new MachineClock())) {
      java.util.Set<Loop> used = java.util.concurrent.ConcurrentHashMap.newKeySet();
      Listener listener =
          Listener.open(new Endpoint("127.0.0.1", 0), three, limit, events::add, false);
      opened.add(listener);
      listener.serve((loop, client) -> {
        used.add(loop);
        client.unsafe().closeForcibly();
      });
      for (int i = 0; i < 200 && used.size() < 3; i++) {
        connect("127.0.0.1", listener).close();
      }
      await().until(() -> used.size() == 3);
    }
  }

  @Test
  void aPortInUseNamesTheRemedy() throws Exception {
    try (ServerSocket other = new ServerSocket()) {
      other.bind(new InetSocketAddress("127.0.0.1", 0));
      Endpoint taken = new Endpoint("127.0.0.1", other.getLocalPort());
      assertThatThrownBy(() -> Listener.open(taken, loops, limit, events::add, false))
          .isInstanceOf(ListenException.class)
          .hasMessageContaining("another program listens there")
          .hasMessageContaining("ss -ltnp sport = :" + taken.port());
    }
  }

  @Test
  void anotherPosthouseOfTheSameUserCannotTakeHalfOfTheLinks() throws Exception {
    Listener first = serving("127.0.0.1");
    assertThatThrownBy(() -> Listener.open(first.address(), loops, limit, events::add, false))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("another program listens there");
  }

  @Test
  void anAddressThatTheMachineDoesNotHaveNamesTheRemedy() {
    assertThatThrownBy(
            () -> Listener.open(new Endpoint("192.0.2.1", 0), loops, limit, events::add, false))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("ip address");
  }

  @Test
  void clientsWaitInTheBacklogUntilSomebodyServes() throws Exception {
    Listener listener =
        Listener.open(new Endpoint("127.0.0.1", 0), loops, limit, events::add, false);
    opened.add(listener);
    connect("127.0.0.1", listener);
    connect("127.0.0.1", listener);
    assertThat(accepted.poll(100, TimeUnit.MILLISECONDS)).isNull();
    listener.serve(this::accept);
    next();
    next();
  }

  @Test
  void restsAfterTooManyLinksAndGoesOnWhenOneEnds() throws Exception {
    limit.limit(2);
    Listener listener = serving("127.0.0.1");
    connect("127.0.0.1", listener);
    connect("127.0.0.1", listener);
    connect("127.0.0.1", listener);
    next();
    next();
    assertThat(accepted.poll(100, TimeUnit.MILLISECONDS)).isNull();
    assertThat(limit.open()).isEqualTo(2);
    assertThat(events).extracting(Event::kind).containsExactly(EventKind.LINKS_EXHAUSTED);
    assertThat(events.peek()).isNotNull();
    assertThat(events.peek().fields().toString()).contains("LimitNOFILE");
    limit.closed();
    next();
    assertThat(limit.open()).isEqualTo(2);
  }

  @Test
  void afterCloseTheAddressIsFreeAndLinksLiveOn() throws Exception {
    Listener listener = serving("127.0.0.1");
    Socket client = connect("127.0.0.1", listener);
    EpollSocketChannel link = next();
    listener.close();
    assertThatThrownBy(() -> connect("127.0.0.1", listener)).isInstanceOf(IOException.class);
    link.writeAndFlush(io.netty.buffer.Unpooled.copiedBuffer(new byte[] {42}));
    assertThat(client.getInputStream().read()).isEqualTo(42);
    opened.add(Listener.open(listener.address(), loops, limit, events::add, false));
  }

  @Test
  void whoeverIsToldLastGetsTheLinks() throws Exception {
    Listener listener = serving("127.0.0.1");
    LinkedBlockingQueue<String> second = new LinkedBlockingQueue<>();
    listener.serve((loop, client) -> {
      second.add("link");
      client.unsafe().closeForcibly();
    });
    connect("127.0.0.1", listener);
    assertThat(second.poll(10, TimeUnit.SECONDS)).isEqualTo("link");
    assertThat(accepted).isEmpty();
  }

  private Listener serving(String host) throws ListenException {
    Listener listener = Listener.open(new Endpoint(host, 0), loops, limit, events::add, false);
    opened.add(listener);
    listener.serve(this::accept);
    return listener;
  }

  private void accept(Loop loop, EpollSocketChannel client) {
    loop.eventLoop().register(client);
    accepted.add(client);
  }

  private EpollSocketChannel next() throws InterruptedException {
    @Nullable EpollSocketChannel next = accepted.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nobody was accepted");
    }
    return next;
  }

  private Socket connect(String host, Listener listener) throws IOException {
    Socket socket = new Socket();
    opened.add(socket);
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress(host, listener.address().port()), 10_000);
    return socket;
  }
}
