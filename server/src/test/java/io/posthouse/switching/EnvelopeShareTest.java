package io.posthouse.switching;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.CommandParser;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EnvelopeShareTest {
  private static final Command.Rcpt RECIPIENT =
      (Command.Rcpt)
          CommandParser.parse(
              "RCPT TO:<b@example.net> ORCPT=rfc822;" + "x".repeat(400) + " NOTIFY=NEVER");

  private final AtomicLong budget = new AtomicLong(100_000);

  @Test
  void recipientsOfOneMessageTakeNoMoreThanThereIsForAll() {
    EnvelopeShare share = new EnvelopeShare(budget);
    int taken = 0;
    while (share.take(RECIPIENT)) {
      taken++;
    }
    assertThat(taken).isBetween(50, 200);
    assertThat(budget.get()).isNotNegative();
  }

  @Test
  void whenNothingIsLeftEachMessageStillHasAFew() {
    budget.set(0);
    EnvelopeShare share = new EnvelopeShare(budget);
    assertThat(share.take(RECIPIENT)).isTrue();
    assertThat(share.take(RECIPIENT)).isTrue();
  }

  @Test
  void allOfItComesBack() {
    EnvelopeShare share = new EnvelopeShare(budget);
    for (int i = 0; i < 1000; i++) {
      share.take(RECIPIENT);
    }
    share.clear();
    share.clear();
    assertThat(budget.get()).isEqualTo(100_000);
  }
}
