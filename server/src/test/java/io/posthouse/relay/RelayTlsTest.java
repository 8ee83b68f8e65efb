package io.posthouse.relay;

import static io.posthouse.relay.RelayTest.digest;
import static io.posthouse.relay.RelayTest.line;
import static io.posthouse.relay.RelayTest.sendAndEnd;
import static io.posthouse.relay.RelayTest.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.Event;
import io.posthouse.health.EffectiveState;
import io.posthouse.model.AdminState;
import io.posthouse.model.MemberTls;
import io.posthouse.model.ServerTls;
import io.posthouse.model.ServerTls.ClientCertificate;
import io.posthouse.model.TlsVersion;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.net.TlsConnector;
import io.posthouse.testkit.LoopbackServer;
import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Issued;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS that ends at a virtual server in mode tcp, and TLS that begins there. */
@ExtendWith(NoLeaks.class)
class RelayTlsTest {
  private static final TestAuthority CA = TestAuthority.named("relay");
  private static final Issued MX = CA.issue(Kind.EC, "mx.example.net", "127.0.0.1");

  @TempDir Path directory;

  private TlsAcceptor acceptor(Duration timeout) throws Exception {
    Files.writeString(directory.resolve("mx.pem"), MX.pem());
    ServerTls settings =
        new ServerTls(
            null,
            true,
            "mx.pem",
            null,
            null,
            List.of(),
            ClientCertificate.NONE,
            null,
            TlsVersion.TLS_1_2,
            TlsVersion.TLS_1_3,
            List.of(),
            timeout);
    return TlsAcceptor.of(settings, directory);
  }

  private TlsConnector connector() throws Exception {
    Files.writeString(directory.resolve("ca.pem"), CA.pem());
    MemberTls settings =
        new MemberTls(MemberTls.Mode.VERIFIED, true, null, "ca.pem", List.of(), TlsVersion.TLS_1_2);
    return TlsConnector.of(settings, directory);
  }

  private RelayHouse ending(LoopbackServer member) throws Exception {
    RelayHouse house = new RelayHouse().member("m1", member.port());
    house.tls = acceptor(Duration.ofSeconds(30));
    return house;
  }

  /** A client whose handshake is done. */
  private static SSLSocket secure(Socket plain, String... versions) throws IOException {
    SSLSocket tls =
        (SSLSocket) CA.trust().getSocketFactory().createSocket(plain, "mx.example.net", 465, true);
    if (versions.length > 0) {
      tls.setEnabledProtocols(versions);
    }
    tls.startHandshake();
    return tls;
  }

  /** A member that speaks TLS from the first octet. */
  private static LoopbackServer secure(Issued own, LoopbackServer.Service service) {
    return LoopbackServer.with(plain -> {
      SSLSocket tls = (SSLSocket) own.context().getSocketFactory().createSocket(plain, null, true);
      try (tls) {
        service.serve(tls);
      }
    });
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true", "true, true"})
  void octetsArriveUnchangedBothWays(boolean towardsClient, boolean towardsMember)
      throws Exception {
    int octets = 8 << 20;
    LoopbackServer.Service swap = c -> swap(c, 2, 1, octets);
    try (LoopbackServer member = towardsMember ? secure(MX, swap) : LoopbackServer.with(swap);
        RelayHouse house = new RelayHouse().member("m1", member.port())) {
      house.tls = towardsClient ? acceptor(Duration.ofSeconds(30)) : null;
      house.memberTls = towardsMember ? connector() : null;
      house.start();
      try (Socket plain = house.connect();
          Socket client = towardsClient ? secure(plain) : plain) {
        swap(client, 1, 2, octets);
      }
      Event line = house.next();
      assertThat(RelayHouse.field(line, "end")).isEqualTo("complete");
      assertThat(RelayHouse.field(line, "in")).isEqualTo(String.valueOf(octets));
      assertThat(RelayHouse.field(line, "out")).isEqualTo(String.valueOf(octets));
      assertThat(line.fields().contains("tls")).isEqualTo(towardsClient);
      assertThat(line.fields().contains("member-tls")).isEqualTo(towardsMember);
      assertThat(member.failures()).isEmpty();
      house.awaitNothingLeft();
    }
  }

  /** Sends and receives at once; ends when both is done. */
  private static void swap(Socket with, long own, long other, int octets)
      throws IOException, InterruptedException {
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              try {
                byte[] all = new byte[octets];
                new java.util.Random(own).nextBytes(all);
                with.getOutputStream().write(all);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    byte[] expected = new byte[octets];
    new java.util.Random(other).nextBytes(expected);
    assertThat(with.getInputStream().readNBytes(octets)).isEqualTo(expected);
    sender.join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatSpeaksFirstIsHeard(String version) throws Exception {
    try (LoopbackServer member = LoopbackServer.echo("220 mx");
        RelayHouse house = ending(member).start();
        SSLSocket client = secure(house.connect(), version)) {
      assertThat(line(client)).isEqualTo("220 mx");
      write(client, "x\r\n");
      assertThat(line(client)).isEqualTo("x");
      client.shutdownOutput();
      Event line = house.next();
      assertThat(RelayHouse.field(line, "end")).isEqualTo("complete");
      assertThat(RelayHouse.field(line, "tls")).isEqualTo(version);
      assertThat(RelayHouse.field(line, "cipher")).startsWith("TLS_");
    }
  }

  @Test
  void aPlainClientCostsNoMember() throws Exception {
    try (LoopbackServer member = LoopbackServer.echo("220 mx");
        RelayHouse house = ending(member).start();
        Socket client = house.connect()) {
      write(client, "EHLO client.example.net\r\n");
      assertThat(firstOctet(client)).isNotEqualTo('2');
      Event line = house.next();
      assertThat(RelayHouse.field(line, "end")).isEqualTo("no-tls");
      assertThat(RelayHouse.field(line, "detail")).isEqualTo("the peer does not speak TLS");
      assertThat(member.accepted()).isZero();
      assertThat(house.counts().failed()).isOne();
      house.awaitNothingLeft();
    }
  }

  private static int firstOctet(Socket from) throws IOException {
    try {
      return from.getInputStream().read();
    } catch (SocketException reset) {
      return -1;
    }
  }

  @Test
  void aHandshakeHasADeadlineAndMayBeGivenUp() throws Exception {
    try (LoopbackServer member = LoopbackServer.echo("220 mx");
        RelayHouse house = new RelayHouse().member("m1", member.port())) {
      house.tls = acceptor(Duration.ofMillis(300));
      house.start();
      try (Socket silent = house.connect()) {
        assertThat(firstOctet(silent)).isEqualTo(-1);
        Event line = house.next();
        assertThat(RelayHouse.field(line, "end")).isEqualTo("no-tls");
        assertThat(RelayHouse.field(line, "detail")).startsWith("no handshake within ");
      }
      house.connect().close();
      assertThat(house.end()).isEqualTo("no-tls");
      assertThat(member.accepted()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void closeNotifyOfTheClientIsTheEndOfItsOctets(String version) throws Exception {
    BlockingQueue<String> atMember = new ArrayBlockingQueue<>(1);
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              atMember.add(digest(c.getInputStream()));
              write(c, "nobody reads this\r\n");
            });
        RelayHouse house = ending(member).start();
        SSLSocket client = secure(house.connect(), version)) {
      sendAndEnd(client, 7, 300_000);
      assertThat(atMember.poll(10, TimeUnit.SECONDS)).isEqualTo(digest(7, 300_000));
      assertThat(house.end()).isEqualTo("complete");
      house.awaitNothingLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aMemberThatEndedStillGetsTheRest(String version) throws Exception {
    BlockingQueue<String> atMember = new ArrayBlockingQueue<>(1);
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              write(c, "bye\r\n");
              c.shutdownOutput();
              atMember.add(digest(c.getInputStream()));
            });
        RelayHouse house = ending(member).start();
        SSLSocket client = secure(house.connect(), version)) {
      assertThat(line(client)).isEqualTo("bye");
      sendAndEnd(client, 7, 300_000);
      assertThat(atMember.poll(10, TimeUnit.SECONDS)).isEqualTo(digest(7, 300_000));
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(house.end()).isEqualTo("complete");
    }
  }

  @Test
  void closeNotifyOfAMemberIsPassedOn() throws Exception {
    try (LoopbackServer member = secure(MX, c -> write(c, "bye\r\n"));
        RelayHouse house = new RelayHouse().member("m1", member.port())) {
      house.memberTls = connector();
      house.start();
      try (Socket client = house.connect()) {
        assertThat(line(client)).isEqualTo("bye");
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(house.end()).isEqualTo("complete");
    }
  }

  @Test
  void aClientThatEndedStillGetsTheAnswerOfASecureMember() throws Exception {
    try (LoopbackServer member =
            secure(
                MX,
                c -> {
                  String digest = digest(c.getInputStream());
                  write(c, digest + "\r\n");
                });
        RelayHouse house = new RelayHouse().member("m1", member.port())) {
      house.memberTls = connector();
      house.start();
      try (Socket client = house.connect()) {
        sendAndEnd(client, 7, 300_000);
        assertThat(line(client)).isEqualTo(digest(7, 300_000));
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(house.end()).isEqualTo("complete");
    }
  }

  @Test
  void anEarlyEndWithoutCloseNotifyIsForgivenToo() throws Exception {
    BlockingQueue<String> atMember = new ArrayBlockingQueue<>(2);
    try (LoopbackServer member = LoopbackServer.with(c -> atMember.add(line(c)));
        RelayHouse house = new RelayHouse().member("m1", member.port(), 1)) {
      house.tls = acceptor(Duration.ofSeconds(30));
      house.start();
      SSLSocket first = secure(house.connect());
      await().until(() -> house.connections("m1").connections() == 1);
      try (Socket plain = house.connect()) {
        SSLSocket early = secure(plain);
        write(early, "QUIT\r\n");
        plain.shutdownOutput();
        await().until(() -> house.pool().waiting().length() == 1);
        write(first, "first\r\n");
        assertThat(atMember.poll(10, TimeUnit.SECONDS)).isEqualTo("first");
        first.close();
        assertThat(atMember.poll(10, TimeUnit.SECONDS)).isEqualTo("QUIT");
        assertThat(house.end()).isEqualTo("complete");
        assertThat(house.end()).isEqualTo("complete");
      }
    }
  }

  @Test
  void anEndWithoutCloseNotifyIsNotPassedOnForACleanOne() throws Exception {
    BlockingQueue<String> atMember = new ArrayBlockingQueue<>(1);
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              try {
                atMember.add("ended " + digest(c.getInputStream()));
              } catch (SocketException e) {
                atMember.add("reset");
              }
            });
        RelayHouse house = ending(member).start();
        Socket plain = house.connect()) {
      SSLSocket client = secure(plain);
      write(client, "half a message");
      plain.shutdownOutput();
      assertThat(atMember.poll(10, TimeUnit.SECONDS)).isEqualTo("reset");
      assertThat(house.end()).isEqualTo("truncated");
      house.awaitNothingLeft();
    }
  }

  /** Many clients close so after QUIT: the member then ends by itself. */
  @Test
  void anEndWithoutCloseNotifyIsForgivenWhenTheMemberHasEnded() throws Exception {
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              line(c);
              write(c, "221 bye\r\n");
            });
        RelayHouse house = ending(member).start();
        Socket plain = house.connect()) {
      SSLSocket client = secure(plain);
      write(client, "QUIT\r\n");
      plain.shutdownOutput();
      assertThat(line(client)).isEqualTo("221 bye");
      assertThat(house.end()).isEqualTo("complete");
      assertThat(member.failures()).isEmpty();
    }
  }

  @Test
  void whatComesBeforeThereIsAMemberWaits() throws Exception {
    BlockingQueue<String> atMember = new ArrayBlockingQueue<>(2);
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              atMember.add(digest(c.getInputStream()));
              write(c, "thanks\r\n");
            });
        RelayHouse house = new RelayHouse().member("m1", member.port(), 1)) {
      house.tls = acceptor(Duration.ofSeconds(30));
      house.start();
      SSLSocket first = secure(house.connect());
      await().until(() -> house.connections("m1").connections() == 1);
      SSLSocket early = secure(house.connect());
      Thread sender = Thread.ofVirtual().start(() -> sendAndEnd(early, 3, 1_000_000));
      await().until(() -> house.pool().waiting().length() == 1);
      first.close();
      assertThat(atMember.poll(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(atMember.poll(10, TimeUnit.SECONDS)).isEqualTo(digest(3, 1_000_000));
      sender.join();
      assertThat(house.end()).isEqualTo("complete");
      assertThat(house.end()).isEqualTo("complete");
      early.close();
      house.awaitNothingLeft();
    }
  }

  @Test
  void whatWaitedForAMemberIsGivenUpWithTheClient() throws Exception {
    try (LoopbackServer member = LoopbackServer.echo("220 mx");
        RelayHouse house = new RelayHouse().member("m1", member.port(), 1)) {
      house.tls = acceptor(Duration.ofSeconds(30));
      house.start();
      SSLSocket first = secure(house.connect());
      assertThat(line(first)).isEqualTo("220 mx");
      Socket plain = house.connect();
      SSLSocket early = secure(plain);
      write(early, "anybody?\r\n");
      await().until(() -> house.pool().waiting().length() == 1);
      LoopbackServer.reset(plain);
      assertThat(house.end()).isEqualTo("client-reset");
      first.close();
      assertThat(house.end()).isEqualTo("complete");
      house.awaitNothingLeft();
    }
  }

  @Test
  void aSlowReaderHoldsTheMemberBack() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              byte[] some = new byte[16 * 1024];
              while (sent.get() < 64L << 20) {
                c.getOutputStream().write(some);
                sent.addAndGet(some.length);
              }
            });
        RelayHouse house = ending(member).start();
        SSLSocket client = secure(house.connectNarrow())) {
      long[] last = {-1};
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(300))
          .until(() -> last[0] == (last[0] = sent.get()) && last[0] > 0);
      assertThat(sent.get()).isLessThan(32L << 20);
      assertThat(client.getInputStream().readNBytes(64 << 20)).hasSize(64 << 20);
      client.shutdownOutput();
      assertThat(house.end()).isEqualTo("complete");
    }
  }

  @Test
  void aMemberThatIsNotVerifiedGetsNothing() throws Exception {
    Issued wrong = CA.issue(Kind.EC, "other.example.net");
    BlockingQueue<String> heard = new ArrayBlockingQueue<>(4);
    try (LoopbackServer bad = secure(wrong, c -> heard.add(line(c)));
        LoopbackServer plain = LoopbackServer.echo("220 plain");
        LoopbackServer good = secure(MX, c -> write(c, "220 good\r\n"));
        RelayHouse house = new RelayHouse().member("m1", bad.port()).member("m2", plain.port())) {
      house.member("m3", good.port());
      house.memberTls = connector();
      house.start();
      try (Socket client = house.connect()) {
        write(client, "secret\r\n");
        assertThat(line(client)).isEqualTo("220 good");
      }
      assertThat(Set.copyOf(house.connectsFailed))
          .containsExactlyInAnyOrder(
              "m1: TLS: name 127.0.0.1 does not match [other.example.net]",
              "m2: TLS: the peer does not speak TLS");
      assertThat(heard).isEmpty();
      assertThat(RelayHouse.field(house.next(), "member")).isEqualTo("m3");
      house.state("m3", AdminState.DISABLED, EffectiveState.UP);
      try (Socket client = house.connect()) {
        assertThatThrownBy(() -> line(client)).isInstanceOf(IOException.class);
      }
      assertThat(house.end()).isEqualTo("all-connects-failed");
      house.awaitNothingLeft();
    }
  }

  @Test
  void aMemberThatDoesNotFinishItsHandshakeIsPassedOver() throws Exception {
    try (LoopbackServer mute = LoopbackServer.with(c -> digest(c.getInputStream()));
        RelayHouse house = new RelayHouse().member("m1", mute.port())) {
      house.memberTls = connector();
      house.connectTimeout = Duration.ofMillis(300);
      house.start();
      try (Socket client = house.connect()) {
        assertThatThrownBy(() -> line(client)).isInstanceOf(IOException.class);
      }
      assertThat(house.end()).isEqualTo("all-connects-failed");
      assertThat(house.connectsFailed).containsExactly("m1: no TLS handshake within 300 ms");
      house.awaitNothingLeft();
    }
  }

  @Test
  void a421GoesThroughTls() throws Exception {
    try (RelayHouse house = new RelayHouse().member("m1", 1)) {
      house.tls = acceptor(Duration.ofSeconds(30));
      house.whenDown = WhenDown.REPLY_421;
      house.start();
      house.state("m1", AdminState.DISABLED, EffectiveState.UP);
      try (SSLSocket client = secure(house.connect())) {
        assertThat(line(client)).startsWith("421 4.3.2 ");
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(house.end()).isEqualTo("no-usable-member");
      house.awaitNothingLeft();
    }
  }

  @Test
  void aResetOfOneSideResetsTheOther() throws Exception {
    try (LoopbackServer member = LoopbackServer.echo("220 mx");
        RelayHouse house = ending(member).start();
        SSLSocket client = secure(house.connect())) {
      line(client);
      member.resetAll();
      assertThatThrownBy(() -> line(client)).isInstanceOf(SocketException.class);
      assertThat(house.end()).isEqualTo("member-reset");
      house.awaitNothingLeft();
    }
  }
}
