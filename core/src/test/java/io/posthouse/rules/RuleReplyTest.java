package io.posthouse.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.RuleEvent;
import io.posthouse.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients are told that rules refuse, and why. */
class RuleReplyTest {
  /** Members may read such a domain in two ways; no condition is asked about one of them. */
  @ParameterizedTest
  @ValueSource(strings = {"u@sec\u200Cret.example", "u@stra\u00DFe.example"})
  void aDomainWithoutAFormInAsciiIsRefused(String address) {
    Reply atMail = RuleReply.ofSpelling(RuleEvent.MAIL, Given.path(address));
    assertThat(atMail).asString().contains("553", "5.1.7");
    assertThat(RuleReply.ofSpelling(RuleEvent.RECIPIENT, Given.path(address)))
        .asString()
        .contains("553", "5.1.3");
  }

  @Test
  void allOthersAreNot() {
    for (String address :
        new String[] {"u@m\u00FCnchen.example", "u@example.org", "u@[192.0.2.1]"}) {
      assertThat(RuleReply.ofSpelling(RuleEvent.MAIL, Given.path(address))).isNull();
    }
  }
}
