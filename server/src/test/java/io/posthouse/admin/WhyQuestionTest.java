package io.posthouse.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Why.Question;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhyQuestionTest {

  @Test
  void takesAddressServerSenderAndRecipient() {
    assertThat(
            WhyQuestion.read(
                Map.of(
                    "client", "::ffff:192.0.2.7",
                    "server", "MX",
                    "sender", "<>",
                    "recipient", "<bücher@bücher.example>")))
        .isEqualTo(
            new Question(InetAddress.ofLiteral("192.0.2.7"), "MX", "", "bücher@bücher.example"));
    assertThat(WhyQuestion.read(Map.of("client", "2001:db8::7")))
        .isEqualTo(new Question(InetAddress.ofLiteral("2001:db8::7"), null, null, null));
  }

  @ParameterizedTest
  @CsvSource({
    "client, '', which client?",
    "client, mail.example.org, DNS is not asked",
    "client, 192.0.2.007, is no address",
    "client, 0x7f000001, is no address",
    "client, 10.0.0.0/8, is not one address",
    "client, fe80::1%eth0, without a zone",
    "client, '192.0.2.7\u0007', control characters",
    "client, 11111111111111111111111111111111111111111111111111111111111111111, longer than 64",
    "sender, nobody, no sender's address",
    "sender, a@example.org> SIZE=1, no sender's address",
    "recipient, <>, no recipient's address",
    "recipient, a@example.org> ORCPT=rfc822;x, no recipient's address",
    "recipient, a b@example.org, no recipient's address",
    "recipient, 'a@example.org\u0085', control characters",
    "sevrer, MX, did you mean server?",
  })
  void namesWhatIsWrong(String key, String value, String problem) {
    Map<String, String> asked = new HashMap<>(Map.of("client", "192.0.2.7"));
    asked.put(key, value);
    assertThatThrownBy(() -> WhyQuestion.read(asked))
        .isInstanceOf(BadQuestionException.class)
        .hasMessageContaining(problem);
  }
}
