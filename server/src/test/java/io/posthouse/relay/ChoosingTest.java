package io.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.health.EffectiveState;
import io.posthouse.model.AdminState;
import io.posthouse.model.BalanceMethod;
import io.posthouse.model.Persistence;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.testkit.LoopbackServer;
import io.posthouse.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which member a link gets, and what the client gets when there is none. */
@ExtendWith(NoLeaks.class)
class ChoosingTest {
  private final RelayHouse house = new RelayHouse();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private LoopbackServer first = LoopbackServer.echo("first");
  private LoopbackServer second = LoopbackServer.echo("second");

  @BeforeEach
  void members() {
    opened.add(first);
    opened.add(second);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    house.close();
  }

  @Test
  void aRefusedConnectGoesToTheNextMember() throws Exception {
    first.close();
    house.member("m1", first.port()).member("m2", second.port()).start();
    for (int link = 0; link < 4; link++) {
      assertThat(member(house.connect())).isEqualTo("second");
    }
    assertThat(house.connectsFailed).hasSize(2).allMatch(line -> line.startsWith("m1: "));
    assertThat(house.connections("m1").connectFailures()).isEqualTo(2);
    assertThat(house.connections("m2").totalConnections()).isEqualTo(4);
  }

  @Test
  void aConnectThatHangsGoesToTheNextMemberInTime() throws Exception {
    house.connectTimeout = Duration.ofMillis(400);
    house.member("m1", hanging()).member("m2", second.port()).start();
    long before = System.nanoTime();
    assertThat(member(house.connect())).isEqualTo("second");
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(400), Duration.ofMillis(3000));
    assertThat(house.connectsFailed.take()).isEqualTo("m1: no answer within 400 ms");
  }

  @Test
  void whenAllConnectsFailTheClientIsReset() throws Exception {
    first.close();
    second.close();
    house.member("m1", first.port()).member("m2", second.port()).start();
    assertReset(house.connect());
    assertThat(house.end()).isEqualTo("all-connects-failed");
    house.awaitNothingLeft();
    assertThat(house.counts().refused()).isEqualTo(1);
  }

  @Test
  void whenNobodyIsUsableTheClientIsReset() throws Exception {
    house.member("m1", first.port()).start();
    house.state("m1", AdminState.ENABLED, EffectiveState.DOWN);
    assertReset(house.connect());
    assertThat(house.end()).isEqualTo("no-usable-member");
  }

  /** The client has said something already: unread octets must not turn the 421 into a reset. */
  @Test
  void aTalkativeClientReallyGetsThe421() throws Exception {
    house.whenDown = WhenDown.REPLY_421;
    house.member("m1", first.port()).start();
    house.state("m1", AdminState.ENABLED, EffectiveState.DOWN);
    Socket client = open(house.connect());
    client.getOutputStream().write(new byte[100_000]);
    TimeUnit.MILLISECONDS.sleep(100); // What was written is on its way before anything is read.
    client.getOutputStream().write("EHLO me\r\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
        .isEqualTo("421 4.3.2 Service not available, try again later\r\n");
    client.close();
    assertThat(house.end()).isEqualTo("no-usable-member");
    house.awaitNothingLeft();
  }

  @Test
  void aClientThatNeverEndsAfterThe421IsCutSoon() throws Exception {
    house.whenDown = WhenDown.REPLY_421;
    house.member("m1", first.port()).start();
    house.state("m1", AdminState.ENABLED, EffectiveState.DOWN);
    Socket client = open(house.connect());
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              client.getOutputStream().write(new byte[10_000]);
            }
          } catch (IOException cut) {
            // What is waited for.
          }
        });
    await().atMost(Duration.ofSeconds(5)).until(() -> house.limit.open() == 0);
  }

  @Test
  void aClientThatEndedBeforeThe421GetsItAndIsForgottenAtOnce() throws Exception {
    house.whenDown = WhenDown.REPLY_421;
    house.member("m1", first.port()).start();
    house.state("m1", AdminState.ENABLED, EffectiveState.DOWN);
    Socket client = open(house.connect());
    client.shutdownOutput();
    assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
        .startsWith("421 ");
    await().atMost(Duration.ofMillis(1500)).until(() -> house.limit.open() == 0);
  }

  @Test
  void aLinkWaitsForAPermitAndIsServedInTurn() throws Exception {
    house.member("m1", first.port(), 1).start();
    Socket holder = house.connect();
    assertThat(member(holder)).isEqualTo("first");
    List<Socket> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(open(house.connect()));
      int length = i + 1;
      await().until(() -> house.pool().waiting().length() == length);
    }
    holder.close();
    for (Socket next : waiting) {
      next.setSoTimeout(5_000);
      assertThat(RelayTest.line(next)).isEqualTo("first");
      assertThat(house.connections("m1").connections()).isEqualTo(1);
      next.close();
    }
    house.awaitNothingLeft();
    assertThat(house.counts().refused()).isZero();
  }

  /** Every new view wakes all that wait; whoever still finds no permit keeps its place. */
  @Test
  void theOrderOfTheQueueOutlivesNewViews() throws Exception {
    house.threads = 1;
    house.member("m1", first.port(), 1).start();
    Socket holder = house.connect();
    assertThat(member(holder)).isEqualTo("first");
    List<Socket> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(open(house.connect()));
      int length = i + 1;
      await().until(() -> house.pool().waiting().length() == length);
    }
    for (int i = 0; i < 3; i++) {
      house.state("m1", AdminState.ENABLED, EffectiveState.UP);
      await().until(() -> house.pool().waiting().length() == 5);
    }
    holder.close();
    for (Socket next : waiting) {
      assertThat(RelayTest.line(next)).isEqualTo("first");
      next.close();
    }
  }

  @Test
  void aFullQueueRefuses() throws Exception {
    house.queue = new Pool.Queue(2, Duration.ofSeconds(10));
    house.member("m1", first.port(), 1).start();
    assertThat(member(house.connect())).isEqualTo("first");
    open(house.connect());
    open(house.connect());
    await().until(() -> house.pool().waiting().length() == 2);
    assertReset(house.connect());
    assertThat(house.end()).isEqualTo("queue-full");
  }

  @Test
  void aQueueOfLengthZeroIsNone() throws Exception {
    house.queue = new Pool.Queue(0, Duration.ofSeconds(10));
    house.member("m1", first.port(), 1).start();
    assertThat(member(house.connect())).isEqualTo("first");
    assertReset(house.connect());
    assertThat(house.end()).isEqualTo("queue-full");
  }

  @Test
  void whoWaitsTooLongIsRefused() throws Exception {
    house.queue = new Pool.Queue(10, Duration.ofMillis(400));
    house.member("m1", first.port(), 1).start();
    assertThat(member(house.connect())).isEqualTo("first");
    long before = System.nanoTime();
    assertReset(house.connect());
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(400));
    assertThat(house.end()).isEqualTo("queue-timeout");
    assertThat(house.pool().waiting().length()).isZero();
  }

  @Test
  void aClientThatIsGoneFreesItsPlace() throws Exception {
    house.queue = new Pool.Queue(1, Duration.ofSeconds(20));
    house.member("m1", first.port(), 1).start();
    Socket holder = house.connect();
    assertThat(member(holder)).isEqualTo("first");
    Socket impatient = open(house.connect());
    await().until(() -> house.pool().waiting().length() == 1);
    LoopbackServer.reset(impatient);
    await().until(() -> house.pool().waiting().length() == 0);
    Socket next = open(house.connect());
    await().until(() -> house.pool().waiting().length() == 1);
    holder.close();
    assertThat(RelayTest.line(next)).isEqualTo("first");
  }

  @Test
  void anotherMembersFreePermitIsFoundBeforeTheQueue() throws Exception {
    house.member("m1", first.port(), 1).member("m2", second.port(), 2).start();
    List<String> members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      members.add(member(house.connect()));
    }
    assertThat(members).containsExactlyInAnyOrder("first", "second", "second");
  }

  @Test
  void waitingLinksAreServedWhenAMemberComesUp() throws Exception {
    house.member("m1", first.port(), 1).member("m2", second.port()).start();
    house.state("m2", AdminState.ENABLED, EffectiveState.DOWN);
    assertThat(member(house.connect())).isEqualTo("first");
    Socket waiting = open(house.connect());
    await().until(() -> house.pool().waiting().length() == 1);
    house.state("m2", AdminState.ENABLED, EffectiveState.UP);
    assertThat(RelayTest.line(waiting)).isEqualTo("second");
  }

  @Test
  void waitingLinksAreRefusedWhenNobodyIsLeft() throws Exception {
    house.member("m1", first.port(), 1).start();
    assertThat(member(house.connect())).isEqualTo("first");
    Socket waiting = open(house.connect());
    await().until(() -> house.pool().waiting().length() == 1);
    house.state("m1", AdminState.DRAINING, EffectiveState.UP);
    assertReset(waiting);
    assertThat(house.end()).isEqualTo("no-usable-member");
  }

  @Test
  void aVirtualServerTakesNoMoreThanItMay() throws Exception {
    house.maxConnections = 2;
    house.member("m1", first.port()).start();
    Socket one = house.connect();
    assertThat(member(one)).isEqualTo("first");
    assertThat(member(house.connect())).isEqualTo("first");
    assertReset(house.connect());
    assertThat(house.end()).isEqualTo("too-many-links");
    one.close();
    await().until(() -> house.server().open() == 1);
    assertThat(member(house.connect())).isEqualTo("first");
    assertThat(house.connections("m1").connections()).isEqualTo(2);
  }

  @Test
  void aClientStaysWithItsMember() throws Exception {
    house.persistence = persistence();
    house.member("m1", first.port()).member("m2", second.port()).start();
    String two = member(house.connectFrom("127.0.0.2"));
    String three = member(house.connectFrom("127.0.0.3"));
    assertThat(two).isNotEqualTo(three);
    for (int i = 0; i < 5; i++) {
      assertThat(member(house.connectFrom("127.0.0.2"))).isEqualTo(two);
      assertThat(member(house.connectFrom("127.0.0.3"))).isEqualTo(three);
    }
  }

  @Test
  void aPressuredMemberIsPassedOverButNotForgotten() throws Exception {
    house.persistence = persistence();
    house.member("m1", first.port()).member("m2", second.port()).start();
    assertThat(member(house.connectFrom("127.0.0.2"))).isEqualTo("first");
    house.state("m1", AdminState.ENABLED, EffectiveState.PRESSURE);
    assertThat(member(house.connectFrom("127.0.0.2"))).isEqualTo("second");
    house.state("m1", AdminState.ENABLED, EffectiveState.UP);
    assertThat(member(house.connectFrom("127.0.0.2"))).isEqualTo("first");
    assertThat(member(house.connectFrom("127.0.0.2"))).isEqualTo("first");
  }

  @Test
  void aDrainingMemberIsForgotten() throws Exception {
    assertForgottenAfter(() -> house.state("m1", AdminState.DRAINING, EffectiveState.UP));
  }

  @Test
  void aMemberThatIsDownIsForgotten() throws Exception {
    assertForgottenAfter(() -> house.state("m1", AdminState.ENABLED, EffectiveState.DOWN));
  }

  private void assertForgottenAfter(Runnable event) throws Exception {
    house.persistence = persistence();
    house.member("m1", first.port()).member("m2", second.port()).start();
    assertThat(member(house.connectFrom("127.0.0.2"))).isEqualTo("first");
    event.run();
    assertThat(member(house.connectFrom("127.0.0.2"))).isEqualTo("second");
    house.state("m1", AdminState.ENABLED, EffectiveState.UP);
    for (int i = 0; i < 3; i++) {
      assertThat(member(house.connectFrom("127.0.0.2"))).isEqualTo("second");
    }
  }

  @Test
  void persistenceGoesOnWhenTheMemberCannotBeReached() throws Exception {
    house.persistence = persistence();
    house.member("m1", first.port()).member("m2", second.port()).start();
    assertThat(member(house.connectFrom("127.0.0.2"))).isEqualTo("first");
    first.close();
    assertThat(member(house.connectFrom("127.0.0.2"))).isEqualTo("second");
  }

  @Test
  void leastConnectionsFollowsLinksThatEnd() throws Exception {
    house.balance = BalanceMethod.LEAST_CONNECTIONS;
    house.member("m1", first.port()).member("m2", second.port()).start();
    List<Socket> links = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Socket link = house.connect();
      member(link);
      links.add(link);
    }
    assertThat(house.connections("m1").connections()).isEqualTo(3);
    assertThat(house.connections("m2").connections()).isEqualTo(3);
    for (Socket link : links) {
      link.close();
    }
    house.awaitNothingLeft();
  }

  @Test
  void aDrainedMemberGetsNoNewLinkAndKeepsItsOld() throws Exception {
    house.member("m1", first.port()).member("m2", second.port()).start();
    Socket old = house.connect();
    assertThat(member(old)).isEqualTo("first");
    house.state("m1", AdminState.DRAINING, EffectiveState.UP);
    for (int i = 0; i < 10; i++) {
      assertThat(member(house.connect())).isEqualTo("second");
    }
    RelayTest.write(old, "still here\r\n");
    assertThat(RelayTest.line(old)).isEqualTo("still here");
    house.server().cut(house.connections("m1"));
    assertReset(old);
    assertThat(house.end()).isEqualTo("cut");
    assertThat(house.connections("m2").connections()).isEqualTo(10);
  }

  private static Persistence persistence() {
    return new Persistence(
        Persistence.By.SOURCE_ADDRESS, Duration.ofMinutes(3), new Persistence.Prefix(32, 64));
  }

  private Socket open(Socket socket) {
    opened.add(socket);
    return socket;
  }

  /** The name that the member behind a link says first. */
  private String member(Socket link) throws IOException {
    return RelayTest.line(open(link));
  }

  private void assertReset(Socket link) {
    open(link);
    assertThatThrownBy(() -> link.getInputStream().read()).hasMessageContaining("reset");
  }

  /** The port of a peer whose backlog is full: connects neither succeed nor fail. */
  private int hanging() throws IOException {
    ServerSocket server = new ServerSocket();
    opened.add(server);
    server.bind(new InetSocketAddress("127.0.0.1", 0), 1);
    for (int i = 0; i < 10; i++) {
      Socket filler = open(new Socket());
      try {
        filler.connect(server.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException full) {
        return server.getLocalPort();
      }
    }
    throw new AssertionError("the backlog takes everybody");
  }
}
