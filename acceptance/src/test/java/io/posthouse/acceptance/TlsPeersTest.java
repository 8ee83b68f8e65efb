package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients in TLS, through mode smtp, to real members in TLS. */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsPeersTest {
  private static final List<String> CLIENTS =
      List.of("swaks", "curl", "msmtp", "openssl", "postfix", "exim");

  private final Lab lab;
  private final TlsStand stand;
  private final SecureClients clients;
  private int mails;

  TlsPeersTest(Lab lab) {
    this.lab = lab;
    stand = new TlsStand(lab);
    clients = new SecureClients(lab, stand.authority());
  }

  static Stream<Arguments> clientsAndServers() {
    return CLIENTS.stream()
        .flatMap(client -> TlsStand.SERVERS.stream().map(server -> Arguments.of(client, server)));
  }

  @ParameterizedTest
  @MethodSource("clientsAndServers")
  void eachClientSendsInEachWay(String client, String server) throws IOException {
    String pool = TlsStand.POOLS.get(mails++ % TlsStand.POOLS.size());
    String id = client + "." + server + "@acceptance.test";
    int port = stand.port(server, pool);
    boolean implicit = server.equals("implicit");
    switch (client) {
      case "postfix" -> postfix(server, port, id);
      case "exim" -> exim(server, port, id);
      default -> clients.send(client, implicit, port, id, Optional.empty()).good();
    }
    stand.taker(id, pool);
    assertThat(stand.posthouse().log(" message virtual-server=" + pool + "-" + server))
        .isNotEmpty()
        .allMatch(line -> line.contains(" tls=TLSv1."))
        .allMatch(line -> line.contains(" member-tls=") == !pool.equals("plain"));
  }

  private void postfix(String server, int port, String id) {
    try (Postfix client =
        lab.postfix(
            "postfix-client-" + server,
            "default_transport = smtp",
            "relayhost = [127.0.0.1]:" + port,
            "smtp_tls_security_level = secure",
            "smtp_tls_secure_cert_match = balancer.acceptance.test",
            "smtp_tls_CAfile = " + stand.authority().certificate(),
            "smtp_tls_loglevel = 1",
            "smtp_tls_wrappermode = " + (server.equals("implicit") ? "yes" : "no"),
            Postfix.DISCARD)) {
      client.submit(SecureClients.FROM, SecureClients.TO, id);
      await("Postfix has sent it")
          .atMost(Duration.ofSeconds(30))
          .until(() -> client.log().stream().anyMatch(line -> line.contains("status=sent")));
      assertThat(client.log()).anyMatch(line -> line.contains("Verified TLS connection"));
    }
  }

  private void exim(String server, int port, String id) throws IOException {
    String protocol = server.equals("implicit") ? "smtps" : "smtp";
    try (Exim client =
        lab.exim(
            "exim-client-" + server,
            Map.of("peers.example", port),
            List.of("tls_advertise_hosts ="),
            List.of(
                "protocol = " + protocol,
                "hosts_require_tls = *",
                "tls_verify_certificates = " + stand.authority().certificate(),
                "tls_verify_hosts = *",
                "tls_verify_cert_hostnames ="))) {
      Path mail = lab.folder().resolve("exim-" + server + ".eml");
      Files.writeString(mail, "Message-Id: <%s>%nSubject: TLS%n%nA mail.%n".formatted(id));
      client.submit(SecureClients.FROM, SecureClients.TO, mail);
      assertThat(client.log())
          .anyMatch(line ->
              line.contains(" => ") && line.contains(" X=TLS1.") && line.contains("CV=yes"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "optional", "required", "verified", "implicit"})
  void bothMembersAreSpokenToAsTheirPoolSays(String pool) throws IOException {
    Set<String> takers = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      String id = "members." + pool + "." + i + "@acceptance.test";
      send(stand.port("optional", pool), id);
      takers.add(stand.taker(id, pool).name());
    }
    assertThat(takers).containsExactlyInAnyOrder("postfix", "exim");
  }

  @Test
  void optionalSpeaksPlainToAMemberThatOffersNoTls() throws IOException {
    send(stand.port("optional", "bare-optional"), "bare@acceptance.test");
    assertThat(stand.bare().taken("bare@acceptance.test")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bare-required", "other-name"})
  void aMemberThatIsNotAsItMustBeGetsNoMail(String pool) throws IOException {
    int before = stand.bare().queued() + stand.postfix().queued();
    try (Talk talk = Talk.to("127.0.0.1", stand.port("optional", pool)).startTls()) {
      talk.hello();
      talk.say("MAIL FROM:<a@client.example>\r\nRCPT TO:<b@peers.example>\r\nDATA");
      assertThat(List.of(talk.expect("4"), talk.expect(""), talk.expect("")))
          .allMatch(line -> line.startsWith("4") || line.startsWith("503"));
    }
    assertThat(stand.bare().queued() + stand.postfix().queued()).isEqualTo(before);
  }

  @Test
  void whereTlsIsRequiredMailInPlainIsRefused() throws IOException {
    try (Talk talk = Talk.to("127.0.0.1", stand.port("required", "plain"))) {
      talk.hello();
      talk.ask("MAIL FROM:<a@client.example>", "530 5.7.0");
      talk.ask("NOOP", "250");
      talk.ask("QUIT", "221");
    }
    try (Talk talk = Talk.to("127.0.0.1", stand.port("optional", "plain"))) {
      talk.hello();
      talk.ask("MAIL FROM:<a@client.example>", "250");
      talk.ask("QUIT", "221");
    }
  }

  private static void send(int port, String id) throws IOException {
    try (Talk talk = Talk.to("127.0.0.1", port).startTls()) {
      talk.hello();
      talk.mail(SecureClients.FROM, SecureClients.TO, id);
      talk.ask("QUIT", "221");
    }
  }
}
