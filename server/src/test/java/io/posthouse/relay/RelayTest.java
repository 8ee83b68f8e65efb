package io.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.net.Loops;
import io.posthouse.testkit.LoopbackServer;
import io.posthouse.testkit.NoLeaks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Octets of a link: all of them, in order, both ways, whoever ends first. */
@ExtendWith(NoLeaks.class)
class RelayTest {
  private static final int MIB = 1 << 20;

  @Test
  void octetsArriveUnchangedBothWays() throws Exception {
    int octets = 20 * MIB;
    BlockingQueue<String> atMember = new ArrayBlockingQueue<>(1);
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              Thread sender = Thread.ofVirtual().start(() -> sendAndEnd(c, 2, octets));
              atMember.add(digest(c.getInputStream()));
              sender.join();
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = house.connect()) {
      Thread sender = Thread.ofVirtual().start(() -> sendAndEnd(client, 1, octets));
      String atClient = digest(client.getInputStream());
      sender.join();
      assertThat(atClient).isEqualTo(digest(2, octets));
      assertThat(atMember.poll(10, TimeUnit.SECONDS)).isEqualTo(digest(1, octets));
      var line = house.next();
      assertThat(RelayHouse.field(line, "end")).isEqualTo("complete");
      assertThat(RelayHouse.field(line, "in")).isEqualTo(String.valueOf(octets));
      assertThat(RelayHouse.field(line, "out")).isEqualTo(String.valueOf(octets));
      house.awaitNothingLeft();
      assertThat(house.counts().bytesIn()).isEqualTo(octets);
      assertThat(member.failures()).isEmpty();
    }
  }

  @Test
  void aServerThatSpeaksFirstIsHeard() throws Exception {
    try (LoopbackServer member = LoopbackServer.echo("220 mx");
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = house.connect()) {
      assertThat(line(client)).isEqualTo("220 mx");
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(house.end()).isEqualTo("complete");
    }
  }

  @Test
  void aClientThatSpeaksFirstIsHeard() throws Exception {
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              String said = line(c);
              write(c, said + " to you\r\n");
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = house.connect()) {
      write(client, "hello\r\n");
      assertThat(line(client)).isEqualTo("hello to you");
    }
  }

  @Test
  void aClientThatEndedStillGetsTheAnswer() throws Exception {
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              String digest = digest(c.getInputStream());
              write(c, digest + "\r\n");
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = house.connect()) {
      sendAndEnd(client, 7, 300_000);
      assertThat(line(client)).isEqualTo(digest(7, 300_000));
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(house.end()).isEqualTo("complete");
    }
  }

  @Test
  void aMemberThatEndedStillGetsTheRest() throws Exception {
    BlockingQueue<String> atMember = new ArrayBlockingQueue<>(1);
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              write(c, "bye\r\n");
              c.shutdownOutput();
              atMember.add(digest(c.getInputStream()));
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = house.connect()) {
      assertThat(line(client)).isEqualTo("bye");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      sendAndEnd(client, 7, 300_000);
      assertThat(atMember.poll(10, TimeUnit.SECONDS)).isEqualTo(digest(7, 300_000));
      assertThat(house.end()).isEqualTo("complete");
    }
  }

  /** Data and FIN come before there is a member: the link waits in the pool's queue. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 2048, 5_000, 100_000, 1_000_000})
  void anEarlyEndOfTheClientLosesNothing(int octets) throws Exception {
    BlockingQueue<String> atMember = new ArrayBlockingQueue<>(2);
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              atMember.add(digest(c.getInputStream()));
              write(c, "thanks\r\n");
            });
        RelayHouse house = new RelayHouse().member("m1", member.port(), 1).start();
        Socket first = house.connect()) {
      await().until(() -> house.connections("m1").connections() == 1);
      try (Socket early = house.connect()) {
        Thread sender = Thread.ofVirtual().start(() -> sendAndEnd(early, 3, octets));
        await().until(() -> house.pool().waiting().length() == 1);
        if (octets <= 100_000) {
          sender.join(); // Everything, and the end, is with the kernel now.
        }
        first.shutdownOutput();
        assertThat(line(first)).isEqualTo("thanks");
        assertThat(line(early)).isEqualTo("thanks");
        assertThat(early.getInputStream().read()).isEqualTo(-1);
        sender.join();
      }
      assertThat(atMember.take()).isEqualTo(digest(0, 0));
      assertThat(atMember.take()).isEqualTo(digest(3, octets));
      house.awaitNothingLeft();
      assertThat(house.counts().failed()).isZero();
    }
  }

  @Test
  void aResetOfTheClientResetsTheMember() throws Exception {
    CountDownLatch reset = new CountDownLatch(1);
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              line(c);
              write(c, "go on\r\n");
              try {
                c.getInputStream().readAllBytes();
              } catch (IOException e) {
                reset.countDown();
              }
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = house.connect()) {
      write(client, "half a mess\r\n");
      assertThat(line(client)).isEqualTo("go on");
      LoopbackServer.reset(client);
      assertThat(reset.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(house.end()).isEqualTo("client-reset");
    }
  }

  @Test
  void aResetOfTheMemberResetsTheClient() throws Exception {
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              line(c);
              LoopbackServer.reset(c);
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = house.connect()) {
      write(client, "hello\r\n");
      assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
      assertThat(house.end()).isEqualTo("member-reset");
    }
  }

  @Test
  void aResetAfterAHalfCloseIsStillAReset() throws Exception {
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              digest(c.getInputStream());
              write(c, "so far");
              LoopbackServer.reset(c);
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = house.connect()) {
      sendAndEnd(client, 1, 10);
      assertThatThrownBy(() -> client.getInputStream().readAllBytes())
          .hasMessageContaining("reset");
      assertThat(house.end()).isEqualTo("member-reset");
    }
  }

  @Test
  void aClientThatResetsAfterItsEndIsNoCompletion() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              digest(c.getInputStream());
              try {
                while (true) {
                  c.getOutputStream().write(new byte[10_000]);
                }
              } catch (IOException e) {
                stopped.countDown();
              }
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = house.connect()) {
      sendAndEnd(client, 1, 10);
      client.getInputStream().readNBytes(100_000);
      LoopbackServer.reset(client);
      assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(house.end()).isEqualTo("client-reset");
      assertThat(house.counts().failed()).isEqualTo(1);
    }
  }

  @Test
  void aMemberThatResetsAfterItsEndIsNoCompletion() throws Exception {
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              write(c, "bye\r\n");
              c.shutdownOutput();
              c.getInputStream().readNBytes(100_000);
              LoopbackServer.reset(c);
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = house.connect()) {
      assertThat(line(client)).isEqualTo("bye");
      assertThatThrownBy(
              () -> {
                while (true) {
                  client.getOutputStream().write(new byte[10_000]);
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(house.end()).isEqualTo("member-reset");
    }
  }

  /**
   * Twenty clients stop reading while 50 MB wait for each side: what does not fit into the sockets'
   * buffers stays with the sender, not here.
   */
  @Test
  void aSlowReaderCostsBoundedMemory() throws Exception {
    int links = 20;
    int octets = 50_000_000 / links;
    AtomicLong sent = new AtomicLong();
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              c.setSendBufferSize(16 * 1024);
              for (int left = octets; left > 0; left -= 10_000) {
                c.getOutputStream().write(new byte[10_000]);
                sent.addAndGet(10_000);
              }
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start()) {
      long before = Loops.directMemoryUsed();
      List<Socket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < links; i++) {
          clients.add(house.connect());
        }
        awaitStandstill(sent);
        long held = Loops.directMemoryUsed() - before;
        // 128 KiB of high watermark, at most one read of 64 KiB more, and the allocator's chunks.
        assertThat(held).isLessThan(links * 256 * 1024 + 8 * MIB);
        for (Socket client : clients) {
          assertThat(client.getInputStream().readAllBytes()).hasSize(octets);
        }
      } finally {
        for (Socket client : clients) {
          client.close();
        }
      }
      house.awaitNothingLeft();
      assertThat(house.counts().bytesOut()).isEqualTo((long) links * octets);
    }
  }

  /**
   * The same the other way, with clients that have sent their end: it does not make us read what
   * the member does not take. Netty on its own reads up to the end as soon as it hears of the end.
   */
  @Test
  void aClientThatEndedIsHeldBackLikeAnyOther() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    int links = 24;
    BlockingQueue<String> atMember = new ArrayBlockingQueue<>(links);
    AtomicLong sent = new AtomicLong();
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              c.getOutputStream().write('x');
              read.await();
              atMember.add(digest(c.getInputStream()));
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start()) {
      long before = Loops.directMemoryUsed();
      List<Socket> clients = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      try {
        for (int i = 0; i < links; i++) {
          Socket client = house.connect();
          clients.add(client);
          client.getInputStream().read();
          int octets = (i + 1) * MIB / 2;
          expected.add(digest(i, octets));
          int seed = i;
          Thread.ofVirtual()
              .start(() -> {
                sendAndEnd(client, seed, octets);
                sent.addAndGet(octets);
              });
        }
        awaitStandstill(sent);
        long held = Loops.directMemoryUsed() - before;
        assertThat(held).isLessThan(links * 256 * 1024 + 8 * MIB);
        read.countDown();
        for (Socket client : clients) {
          assertThat(client.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(atMember).containsExactlyInAnyOrderElementsOf(expected);
      } finally {
        read.countDown();
        for (Socket client : clients) {
          client.close();
        }
      }
      house.awaitNothingLeft();
      assertThat(house.counts().failed()).isZero();
    }
  }

  /**
   * The client has ended and reads slowly. Its channel is then interested in nothing for a while,
   * and again in writing later. With Netty 4.2.18's own epoll handler in place of LazyEpoll this
   * fails: the second interest is refused with ENOENT and the link is lost in the middle.
   */
  @Test
  void aHalfClosedClientThatReadsSlowlyGetsEverything() throws Exception {
    int octets = 12 * MIB;
    try (LoopbackServer member =
            LoopbackServer.with(c -> {
              digest(c.getInputStream());
              sendAndEnd(c, 5, octets);
            });
        RelayHouse house = new RelayHouse().member("m1", member.port()).start();
        Socket client = new Socket()) {
      client.setReceiveBufferSize(16 * 1024);
      client.setSoTimeout(15_000);
      client.connect(new java.net.InetSocketAddress("127.0.0.1", house.port()));
      sendAndEnd(client, 1, 10);
      MessageDigest digest = sha256();
      byte[] some = new byte[64 * 1024];
      int read;
      int total = 0;
      while ((read = client.getInputStream().read(some)) >= 0) {
        digest.update(some, 0, read);
        total += read;
        if (total < 2 * MIB) {
          TimeUnit.MICROSECONDS.sleep(500);
        }
      }
      assertThat(total).isEqualTo(octets);
      assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(digest(5, octets));
      assertThat(house.end()).isEqualTo("complete");
    }
  }

  @Test
  void anIdleLinkIsClosedAndSaysSo() throws Exception {
    try (LoopbackServer member = LoopbackServer.echo("220 mx");
        RelayHouse house = idle(member);
        Socket client = house.connect()) {
      assertThat(line(client)).isEqualTo("220 mx");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(house.end()).isEqualTo("idle");
    }
  }

  @Test
  void aMemberThatNeverSpeaksIsNamed() throws Exception {
    try (LoopbackServer member = LoopbackServer.with(c -> digest(c.getInputStream()));
        RelayHouse house = idle(member);
        Socket client = house.connect()) {
      write(client, "anybody there?\r\n");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(house.end()).isEqualTo("member-silent");
    }
  }

  @Test
  void aLinkOnWhichSomethingMovesIsNotIdle() throws Exception {
    try (LoopbackServer member = LoopbackServer.echo("220 mx");
        RelayHouse house = idle(member);
        Socket client = house.connect()) {
      line(client);
      long until = System.nanoTime() + Duration.ofMillis(1500).toNanos();
      while (System.nanoTime() < until) {
        write(client, "x\r\n");
        assertThat(line(client)).isEqualTo("x");
        TimeUnit.MILLISECONDS.sleep(50);
      }
      client.shutdownOutput();
      assertThat(house.end()).isEqualTo("complete");
    }
  }

  private static RelayHouse idle(LoopbackServer member) {
    RelayHouse house = new RelayHouse().member("m1", member.port());
    house.idleTimeout = Duration.ofMillis(500);
    return house.start();
  }

  private static void awaitStandstill(AtomicLong sent) {
    long[] last = {-1};
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(300))
        .until(() -> {
          long now = sent.get();
          boolean still = now == last[0] && now > 0;
          last[0] = now;
          return still;
        });
  }

  /** Sends pseudo-random octets in pieces of random sizes, then ends the direction. */
  static void sendAndEnd(Socket to, long seed, int octets) {
    try {
      SplittableRandom sizes = new SplittableRandom(~seed);
      OutputStream out = to.getOutputStream();
      byte[] all = octets(seed, octets);
      for (int at = 0; at < octets; ) {
        int piece = Math.min(octets - at, 1 + sizes.nextInt(sizes.nextInt(1, 100_000)));
        out.write(all, at, piece);
        at += piece;
      }
      to.shutdownOutput();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static String digest(long seed, int octets) {
    return HexFormat.of().formatHex(sha256().digest(octets(seed, octets)));
  }

  static String digest(InputStream in) throws IOException {
    MessageDigest digest = sha256();
    byte[] some = new byte[32 * 1024];
    int read;
    while ((read = in.read(some)) >= 0) {
      digest.update(some, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String line(Socket from) throws IOException {
    StringBuilder line = new StringBuilder();
    int octet;
    while ((octet = from.getInputStream().read()) != '\n') {
      if (octet < 0) {
        throw new IOException("ended after '" + line + "'");
      }
      line.append((char) octet);
    }
    return line.toString().stripTrailing();
  }

  static void write(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] octets(long seed, int count) {
    byte[] octets = new byte[count];
    new java.util.Random(seed).nextBytes(octets);
    return octets;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
