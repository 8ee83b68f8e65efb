package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The open relay that balancers cause: a real Postfix relays for the balancer's address, because
 * one class of clients needs it, and another class leaves from that address, too. Client 2 may send
 * to anybody, client 3 may not; 4 and 5 are source addresses, 7 is Posthouse, and 8 the member.
 */
@ExtendWith(LabExtension.class)
final class LiveAuditTest {
  private static final String OPEN = "10.9.0.4/32 10.9.0.5/32";
  private static final String REPAIRED = "10.9.0.4/32";

  private final NetworkNamespace network;
  private final Postfix postfix;
  private final int smtp = Ports.free();
  private final int tcp = Ports.free();

  LiveAuditTest(Lab lab) {
    network = NetworkNamespace.of(lab);
    for (int host = 2; host <= 8; host++) {
      network.address("10.9.0." + host);
    }
    postfix = lab.in(network).postfix("postfix", "relay_domains = ours.example");
  }

  private Config config() {
    return new Config()
        .mode("smtp")
        .listen("10.9.0.7:" + smtp)
        .member("mx1", "10.9.0.8:" + postfix.port())
        .block(
            "data-groups",
            "{ apps: [10.9.0.2], rest: [10.9.0.3], ours: { type: domain, values: [ours.example] } }")
        .clientClass("relay", "from: apps, relay: any, snat: 10.9.0.4")
        .clientClass("internet", "from: rest, relay: server, snat: 10.9.0.4")
        .furtherServer(
            "TCP_VS",
            "mode: tcp, pool: hub, listen: \"10.9.0.7:%d\", classes: [relay, internet]"
                .formatted(tcp));
  }

  @Test
  void theOpenRelayIsFoundAndNamedAndAfterTheRepairThereIsSilence(Lab lab) throws IOException {
    mynetworks(OPEN);
    Posthouse posthouse = lab.posthouse(config());

    Commands.Ended found = audit(posthouse);
    assertThat(found.exit()).as(found.toString()).isEqualTo(1);
    assertThat(found.out())
        .contains("relays-for-class of \"internet on SMTP_VS\"")
        .contains("relays-for-class of \"internet on TCP_VS\"")
        .contains(
            "member-relays of \"hub/mx1 at 10.9.0.8:%d from 10.9.0.4\"".formatted(postfix.port()))
        .contains("RCPT TO:<relaytest@example.net>", "250 2.1.5 Ok", "mynetworks")
        .doesNotContain("not-tested");

    String text = Files.readString(posthouse.file());
    posthouse.write(text.replace("relay: server, snat: 10.9.0.4", "relay: server, snat: 10.9.0.5"));
    mynetworks(REPAIRED);
    posthouse.hangUp();
    Commands.Ended silent = audit(posthouse);
    assertThat(silent.out())
        .doesNotContain("relays-for-class", "member-relays", "not-tested", "shared-source");

    // No message, and nobody is locked out for it: no warning of any kind, "too many errors"
    // included.
    assertThat(postfix.log()).noneMatch(line -> line.contains(" message-id=<"));
    assertThat(postfix.complaints()).isEmpty();
    swaks("10.9.0.2", smtp, "b@anybody.example").good();
    swaks("10.9.0.3", smtp, "b@ours.example").good();
    swaks("10.9.0.2", tcp, "b@anybody.example").good();
    swaks("10.9.0.3", tcp, "b@ours.example").good();
    await("the log")
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            postfix.log().stream().filter(line -> line.contains(" message-id=<")).count() == 4);
  }

  /** Says whom it relays for; a second line in its file would be a warning in its log. */
  private void mynetworks(String networks) throws IOException {
    Path main = Path.of(postfix.config(), "main.cf");
    String text = Files.readString(main);
    String changed = text.replaceFirst("(?m)^mynetworks = .*$", "mynetworks = " + networks);
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(main, changed);
    postfix.abort();
    postfix.startAgain();
  }

  private Commands.Ended audit(Posthouse posthouse) {
    return posthouse.command("audit", "--live");
  }

  private Commands.Ended swaks(String from, int port, String to) {
    return network.run(
        "swaks",
        "--local-interface",
        from,
        "--server",
        "10.9.0.7",
        "--port",
        "" + port,
        "--from",
        "a@client.example",
        "--to",
        to);
  }
}
