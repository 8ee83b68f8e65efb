package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real clients, through mode smtp, to real members. */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PeersTest {
  private static final int MAILS = 3;
  private static final String HEADER =
      """
      From: A Client <a@client.example>
      To: Some Member <b@peers.example>
      Subject: a mail  with two spaces
      \tin two lines
      Date: Wed, 25 Nov 2026 20:00:00 +0000
      MIME-Version: 1.0
      Content-Type: text/plain; charset=iso-8859-1
      Content-Transfer-Encoding: 8bit

      """
          .replace("\n", "\r\n");
  private static final String DOTS = ".\r\n..\r\n.dot at the beginning\r\n";
  private static final String TEXT =
      "trailing spaces  \r\n\u00e4\u00f6\u00fc\u00ff\u0080\u00a0 beyond ASCII\r\n\r\nFrom here on\r\n\r\n";

  private final Peers peers;
  private final Clients clients;
  private final Dkim dkim;
  private final String signed;
  private final String signedWithoutDots;
  private final Path folder;

  PeersTest(Lab lab) {
    folder = lab.folder();
    peers = new Peers(lab);
    clients = new Clients(lab, peers.routes());
    dkim = new Dkim(folder);
    signed = dkim.sign(HEADER + DOTS + TEXT);
    signedWithoutDots = dkim.sign(HEADER + TEXT);
  }

  static Stream<Arguments> clientsAndTargets() {
    return Clients.NAMES.stream()
        .flatMap(client ->
            Stream.concat(Stream.of(Peers.ALL), Peers.NAMES.stream())
                .map(target -> Arguments.of(client, target)));
  }

  @ParameterizedTest
  @MethodSource("clientsAndTargets")
  void eachMailIsInOneStoreAsItWasSigned(String client, String target) throws IOException {
    for (int i = 0; i < MAILS; i++) {
      String id = client.replace(' ', '-') + "." + target + "." + i + "@acceptance.test";
      // Angus Mail stuffs dots in chunks too, where nobody takes them out.
      String mail = client.equals("jakarta in chunks") ? signedWithoutDots : signed;
      Mail sent = new Mail("a@client.example", "X-First: 1\r\nMessage-Id: <" + id + ">\r\n" + mail);
      Path file = Files.createTempFile(folder, "mail", ".eml");
      Files.writeString(file, sent.octets().replace("\r\n", "\n"), StandardCharsets.ISO_8859_1);
      clients.send(client, file, sent.sender(), "b@" + Peers.domain(target), peers.port(target));
      Mail kept = peers.only(id, target);
      assertThat(kept.sha256()).isEqualTo(sent.sha256());
      assertThat(dkim.verify(kept)).isEqualTo("pass");
    }
  }

  /** Exim marks a message that came by PIPELINING with L, by CHUNKING with K. */
  @AfterAll
  void membersWereSpokenToWithExtensionsAndComplainOfNothing() {
    peers.requireContent();
    assertThat(peers.exim().log())
        .anyMatch(line -> line.matches(".* <= .* L[.]? S=.*"))
        .anyMatch(line -> line.matches(".* <= .* L[.]? K .*"));
    assertThat(peers.postfix().log()).anyMatch(line -> line.contains(" bdat="));
  }
}
