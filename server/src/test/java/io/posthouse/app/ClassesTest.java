package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.testkit.NoLeaks;
import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a client is by its address, and what that means for its links and messages. */
@ExtendWith(NoLeaks.class)
final class ClassesTest {
  private static final String CLASSES =
      """
      data-groups:
        trusted: [127.0.0.2, 127.0.1.0/24]
        gateways: [127.0.0.3]
      snat-pools:
        outside: [127.0.2.1, 127.0.2.2, 127.0.2.3]
      client-classes:
        relay: { from: trusted, relay: any, snat: 127.0.2.9 }
        gateway: { from: gateways, relay: server, snat: outside }
      """;

  @TempDir Path directory;

  @Test
  void aMemberSeesTheSourceAddressOfTheClientsClass() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, CLASSES + mail(member, ""))) {
      assertThat(send(house, "127.0.0.2", "a@example.org")).startsWith("250");
      assertThat(send(house, "127.0.0.3", "b@example.org")).startsWith("250");
      assertThat(send(house, "127.0.1.77", "c@example.org")).startsWith("250");

      assertThat(member.came().get(0)).isEqualTo("127.0.2.9 <a@example.org>");
      assertThat(member.came().get(1)).matches("127\\.0\\.2\\.[123] <b@example.org>");
      assertThat(member.came().get(2)).isEqualTo("127.0.2.9 <c@example.org>");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mode: tcp,"})
  void theLineOfALinkNamesTheClassOfItsClient(String mode) throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, CLASSES + mail(member, mode))) {
      send(house, "127.0.0.3", "b@example.org");

      await()
          .untilAsserted(() ->
              assertThat(house.log()).containsPattern("link closed .*127.0.0.3 .*class=gateway "));
    }
  }

  @Test
  void aClientOfASnatPoolKeepsItsAddress() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, CLASSES + mail(member, ""))) {
      for (int i = 0; i < 5; i++) {
        assertThat(send(house, "127.0.0.3", "b@example.org")).startsWith("250");
      }
      assertThat(member.came()).hasSize(5).containsOnly(member.came().getFirst());
    }
  }

  @Test
  void aClientOfNoClassIsGreetedWith554() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, CLASSES + mail(member, ""));
        Socket stranger = house.connectFrom("127.0.0.4", "mail")) {
      assertThat(RunningHouse.line(stranger)).startsWith("554 5.7.1 ");
      assertThatThrownBy(() -> RunningHouse.line(stranger)).isInstanceOf(IOException.class);
      assertThat(member.came()).isEmpty();
    }
  }

  /** The certificate is of no use to it: it would only keep us waiting for its handshake. */
  @Test
  void whereTlsComesFirstAClientOfNoClassIsResetBeforeIt() throws Exception {
    Path pem = directory.resolve("mail.pem");
    Files.writeString(pem, TestAuthority.named("tests").issue(Kind.EC, "lb.example.net").pem());
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory,
                CLASSES + mail(member, "tls: { implicit: true, certificate: " + pem + " },"))) {
      assertThatThrownBy(
              () -> {
                try (Socket stranger = house.connectFrom("127.0.0.4", "mail")) {
                  RunningHouse.line(stranger);
                }
              })
          .isInstanceOf(IOException.class);
      await().until(() -> house.log().contains("end=no-class"));
      await().until(() -> house.server("mail").links().open() == 0);
    }
  }

  @Test
  void inModeTcpTheClassDecidesAboutTheSourceAddressAndStrangersAreReset() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, CLASSES + mail(member, "mode: tcp,"))) {
      assertThat(send(house, "127.0.0.2", "a@example.org")).startsWith("250");
      assertThat(send(house, "127.0.0.3", "b@example.org")).startsWith("250");

      assertThat(member.came().get(0)).isEqualTo("127.0.2.9 <a@example.org>");
      assertThat(member.came().get(1)).matches("127\\.0\\.2\\.[123] <b@example.org>");
      assertThatThrownBy(() -> hear(house, "127.0.0.4")).isInstanceOf(IOException.class);
    }
  }

  /** Whoever is reset may hear of it before it knows that it is connected. */
  private static void hear(RunningHouse house, String from) throws IOException {
    try (Socket stranger = house.connectFrom(from, "mail")) {
      RunningHouse.line(stranger);
    }
  }

  @Test
  void aKeptConnectionServesClientsOfItsSourceAddressAlone() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, CLASSES + mail(member, ""))) {
      for (int i = 0; i < 20; i++) {
        assertThat(send(house, "127.0.0.2", "trusted@example.org")).startsWith("250");
        assertThat(send(house, "127.0.0.3", "gateway@example.org")).startsWith("250");
      }
      assertThat(member.came()).hasSize(40);
      for (String each : member.came()) {
        boolean trusted = each.endsWith("<trusted@example.org>");
        assertThat(each.startsWith("127.0.2.9 ")).as(each).isEqualTo(trusted);
      }
    }
  }

  @Test
  void aClassMayHaveAPoolOfItsOwnAndAPortOfTheMembersToo() throws Exception {
    try (SmtpMember common = new SmtpMember();
        SmtpMember own = new SmtpMember();
        SmtpMember port = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory,
                """
                data-groups: { a: [127.0.0.2], b: [127.0.0.3], c: [127.0.0.4] }
                client-classes:
                  own: { from: a, relay: any, pool: own }
                  port: { from: b, relay: any, member-port: %d }
                  rest: { from: any, relay: server, member-addresses: { ex1: 127.0.0.1:%d } }
                pools:
                  own: { members: { ex1: 127.0.0.1:%d } }
                  hub: { members: { ex1: 127.0.0.1:%d } }
                virtual-servers:
                  mail: { listen: 127.0.0.1:0, pool: hub, classes: [own, port, rest] }
                """
                    .formatted(port.port(), common.port(), own.port(), 1))) {
      assertThat(send(house, "127.0.0.2", "own@example.org")).startsWith("250");
      assertThat(send(house, "127.0.0.3", "port@example.org")).startsWith("250");
      assertThat(send(house, "127.0.0.9", "rest@example.org")).startsWith("250");

      assertThat(own.came()).containsExactly("127.0.0.1 <own@example.org>");
      assertThat(port.came()).containsExactly("127.0.0.1 <port@example.org>");
      assertThat(common.came()).containsExactly("127.0.0.1 <rest@example.org>");
    }
  }

  @Test
  void aServerWithWhenDownCloseListensWhileAPoolOfAClassIsUsable() throws Exception {
    try (SmtpMember own = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory,
                """
                data-groups: { a: [127.0.0.2] }
                client-classes:
                  own: { from: a, relay: any, pool: own }
                  rest: { from: any, relay: server }
                pools:
                  own: { members: { ex1: 127.0.0.1:%d } }
                  hub: { members: { ex1: { address: 127.0.0.1:1, state: disabled } } }
                virtual-servers:
                  mail:
                    listen: 127.0.0.1:0
                    pool: hub
                    when-down: close
                    classes: [own, rest]
                """
                    .formatted(own.port()))) {
      assertThat(send(house, "127.0.0.2", "own@example.org")).startsWith("250");
      assertThat(send(house, "127.0.0.3", "rest@example.org")).startsWith("451 4.3.2");
    }
  }

  @Test
  void aClassMayAskForTlsAndForAuthBeforeMail() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory,
                """
                data-groups: { a: [127.0.0.2], b: [127.0.0.3] }
                client-classes:
                  secret: { from: a, relay: any, tls: required }
                  known: { from: b, relay: any, auth: required }
                """
                    + mail(member, "").replace("[relay, gateway]", "[secret, known]"))) {
      assertThat(send(house, "127.0.0.2", "a@example.org")).startsWith("530 5.7.0 Must issue a ST");
      assertThat(send(house, "127.0.0.3", "a@example.org")).startsWith("530 5.7.0 Authentication ");
      assertThat(member.came()).isEmpty();
    }
  }

  @Test
  void aReloadThatForgetsAClassEndsItsLinksAtTheNextMessage() throws Exception {
    try (SmtpMember member = new SmtpMember();
        RunningHouse house = RunningHouse.start(directory, CLASSES + mail(member, ""));
        MailLink link = MailLink.from("127.0.0.3", house)) {
      link.say("EHLO client.example.org");
      assertThat(link.send("a@example.org")).startsWith("250");
      house.reload(CLASSES + mail(member, "").replace("[relay, gateway]", "[relay]"));

      assertThat(link.say("MAIL FROM:<b@example.org>")).startsWith("421 4.7.1 ");
      assertThat(member.came()).hasSize(1);
    }
  }

  private static String send(RunningHouse house, String from, String sender) throws IOException {
    try (MailLink link = MailLink.from(from, house)) {
      link.say("EHLO client.example.org");
      String reply = link.send(sender);
      link.say("QUIT");
      return reply;
    }
  }

  private static String mail(SmtpMember member, String more) {
    return """
    pools:
      hub: { members: { ex1: 127.0.0.1:%d } }
    virtual-servers:
      mail: { %s listen: 127.0.0.1:0, pool: hub, classes: [relay, gateway] }
    """
        .formatted(member.port(), more);
  }
}
