package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real mail, through Posthouse, to two real Postfix instances. */
@ExtendWith(LabExtension.class)
final class MailTest {
  private static final int MAILS = 10;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void eachMailOfSwaksIsInOneQueue(String host, Lab lab) {
    Stand stand = new Stand(lab, host);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < MAILS; i++) {
      ids.add("swaks-" + i + "@acceptance.test");
      Commands.run(
              "swaks",
              "--server",
              host,
              "--port",
              String.valueOf(stand.port),
              "--from",
              "a@example.net",
              "--to",
              "b@example.com",
              "--header",
              "Message-Id: <" + ids.getLast() + ">")
          .good();
    }
    stand.requireOnceEach(ids);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void eachMailOfPostfixIsInOneQueue(String host, Lab lab) {
    Stand stand = new Stand(lab, host);
    Postfix client =
        lab.postfix(
            "client",
            Postfix.DISCARD,
            "default_transport = smtp",
            "relayhost = [" + host + "]:" + stand.port);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < MAILS; i++) {
      ids.add("postfix-" + i + "@acceptance.test");
      client.submit("a@example.net", "b@example.com", ids.getLast());
    }
    await("the client is done")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(client.log()).filteredOn(l -> l.contains("status=")).hasSize(MAILS));
    assertThat(client.log())
        .filteredOn(l -> l.contains("status="))
        .allMatch(l -> l.contains("status=sent (250 2.0.0 Ok: queued as"));
    stand.requireOnceEach(ids);
  }

  @Test
  void bothFamiliesAreServedAtOnce(Lab lab) {
    Postfix first = lab.postfix("mx1");
    Postfix second = lab.postfix("mx2");
    int port = Ports.free();
    lab.posthouse(
        new Config()
            .listen("127.0.0.1:" + port)
            .listen("[::1]:" + port)
            .member(first)
            .member("mx2", second.address6()));
    for (String host : List.of("127.0.0.1", "::1", "127.0.0.1", "::1")) {
      Commands.run(
              "swaks",
              "--server",
              host,
              "--port",
              "" + port,
              "--from",
              "a@x.example",
              "--to",
              "b@y.example")
          .good();
    }
    assertThat(first.queued() + second.queued()).isEqualTo(4);
    assertThat(first.queued()).isPositive();
    assertThat(second.queued()).isPositive();
  }

  /** Two members, and Posthouse before them, all in one address family. */
  private static final class Stand {
    private final Postfix first;
    private final Postfix second;
    private final int port = Ports.free();

    Stand(Lab lab, String host) {
      first = lab.postfix("mx1");
      second = lab.postfix("mx2");
      boolean ipv6 = host.contains(":");
      lab.posthouse(
          new Config()
              .listen((ipv6 ? "[" + host + "]" : host) + ":" + port)
              .member("mx1", ipv6 ? first.address6() : first.address())
              .member("mx2", ipv6 ? second.address6() : second.address()));
    }

    void requireOnceEach(List<String> ids) {
      for (String id : ids) {
        assertThat(first.taken(id) + second.taken(id)).as("servers that took %s", id).isEqualTo(1);
      }
      assertThat(first.queued() + second.queued()).isEqualTo(ids.size());
      assertThat(first.queued()).isPositive();
      assertThat(second.queued()).isPositive();
      assertThat(first.complaints()).isEmpty();
      assertThat(second.complaints()).isEmpty();
    }
  }
}
