package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.LoopbackServer;
import io.posthouse.testkit.NoLeaks;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** PROXY headers as the file asks for them, from a peer in front to a member. */
@ExtendWith(NoLeaks.class)
final class ProxyTest {
  private static final String HEADER = "PROXY TCP4 192.0.2.1 198.51.100.25 4711 25\r\n";

  @TempDir Path directory;

  private final BlockingQueue<String> came = new LinkedBlockingQueue<>();

  private LoopbackServer member() {
    return LoopbackServer.with(c -> {
      came.add(c.getInetAddress().getHostAddress());
      came.add(RunningHouse.line(c));
      c.getOutputStream().write("220 mx\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      c.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    });
  }

  private static String file(LoopbackServer member) {
    return """
    data-groups: { front: [127.0.0.9], clients: [192.0.2.0/24] }
    client-classes: { clients: { from: clients, relay: any, snat: 127.0.2.9 } }
    pools:
      hub: { announce: proxy-v1, members: { ex1: 127.0.0.1:%d } }
    virtual-servers:
      mail:
        listen: 127.0.0.1:0
        mode: tcp
        pool: hub
        classes: [clients]
        believe: { proxy: front }
    """
        .formatted(member.port());
  }

  @Test
  void whatAListedPeerSaysOfItsClientReachesTheMember() throws Exception {
    try (LoopbackServer member = member();
        RunningHouse house = RunningHouse.start(directory, file(member));
        Socket front = house.connectFrom("127.0.0.9", "mail")) {
      assertThat(RunningHouse.say(front, HEADER.stripTrailing())).isEqualTo("220 mx");
      assertThat(came.poll(10, TimeUnit.SECONDS)).isEqualTo("127.0.2.9");
      assertThat(came.poll(10, TimeUnit.SECONDS)).isEqualTo(HEADER.stripTrailing());
    }
  }

  @Test
  void othersAreRefusedAndCounted() throws Exception {
    try (LoopbackServer member = member();
        RunningHouse house = RunningHouse.start(directory, file(member))) {
      assertThatThrownBy(
              () -> {
                try (Socket forger = house.connectFrom("127.0.0.2", "mail")) {
                  RunningHouse.say(forger, HEADER.stripTrailing());
                }
              })
          .isInstanceOf(IOException.class);
      await().until(() -> house.server("mail").links().refused() == 1);
      await().until(() -> house.log().contains("not-believed"));
      assertThat(member.accepted()).isZero();
    }
  }
}
