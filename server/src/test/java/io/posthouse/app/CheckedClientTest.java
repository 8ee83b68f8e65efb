package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which client the edge checks are about: not an exempt one, and behind others the announced one.
 */
@ExtendWith(NoLeaks.class)
final class CheckedClientTest {
  private final EdgeHouse edge;

  CheckedClientTest(@TempDir Path directory) {
    edge = new EdgeHouse(directory);
  }

  @AfterEach
  void end() {
    edge.close();
  }

  @Test
  void anExemptClassIsNotAskedFor() throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(member, "exempt: [rest], early-talkers: {}, " + EdgeHouse.ZEN)) {
      assertThat(EdgeHouse.send("127.0.0.9", house)).startsWith("250");
      assertThat(edge.dns.asked()).isEmpty();
      assertThat(EdgeHouse.count(house, "dns-lists")).isEqualTo("0/0/0");
    }
  }

  @Test
  void behindXclientTheAnnouncedClientIsLookedAt() throws Exception {
    edge.dns.addresses("7.2.0.192.zen.example.org", 300, "127.0.0.2");
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = edge.start(member, EdgeHouse.ZEN, "believe: { xclient: [front] },");
        MailLink link = MailLink.from("127.0.0.9", house)) {
      link.say("EHLO front.example.net");
      assertThat(link.say("XCLIENT ADDR=192.0.2.7")).startsWith("220 ");
      link.say("EHLO client.example.net");
      assertThat(link.send("a@example.org")).startsWith("550 5.7.1 Your address is listed by");
      link.say("RSET");
      assertThat(link.say("XCLIENT ADDR=192.0.2.8")).startsWith("220 ");
      link.say("EHLO client.example.net");
      assertThat(link.send("a@example.org")).startsWith("250");
      assertThat(edge.dns.asked()).doesNotContain(EdgeHouse.LISTED + " A");
    }
  }

  @Test
  void behindProxyTheAnnouncedClientIsLookedAt() throws Exception {
    edge.dns.addresses("7.2.0.192.zen.example.org", 300, "127.0.0.2");
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.0.0.2");
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(
                member, "refuse-at: greeting, " + EdgeHouse.ZEN, "believe: { proxy: [front] },");
        Socket front = house.connectFrom("127.0.0.9", "mail")) {
      front
          .getOutputStream()
          .write("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(RunningHouse.line(front)).startsWith("554 5.7.1 Your address is listed by");
      assertThat(edge.dns.asked()).doesNotContain(EdgeHouse.LISTED + " A");
    }
  }

  /** A word would take a handshake, and its client would keep us waiting for it. */
  @Test
  void whereTlsComesFirstARefusedClientIsReset() throws Exception {
    edge.dns.addresses(EdgeHouse.LISTED, 300, "127.0.0.2");
    Path pem = edge.directory.resolve("mail.pem");
    Files.writeString(pem, TestAuthority.named("tests").issue(Kind.EC, "lb.example.net").pem());
    String tls = "tls: { implicit: true, certificate: " + pem + " },";
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            edge.start(member, "refuse-at: greeting, early-talkers: {}, " + EdgeHouse.ZEN, tls);
        Socket client = house.connectFrom("127.0.0.9", "mail")) {
      assertThatThrownBy(() -> RunningHouse.line(client)).isInstanceOf(IOException.class);
      await().until(() -> house.log().contains("end=edge-check"));
      await().until(() -> house.server("mail").links().open() == 0);
      assertThat(EdgeHouse.count(house, "early-talkers")).isEqualTo("0/0/0");
    }
  }
}
