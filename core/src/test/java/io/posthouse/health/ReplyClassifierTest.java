package io.posthouse.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyClassifierTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MAIL        | 421 | 4.3.1 Insufficient system resources
          MAIL        | 421 | 4.3.2 System not accepting network messages
          MAIL        | 421 | 4.4.2 Connection dropped
          MAIL        | 421 | Service not available
          END_OF_DATA | 421 | 4.3.1 x
          END_OF_DATA | 421 | x
          MAIL        | 452 | 4.3.1 Insufficient system resources
          MAIL        | 452 | 4.3.2 x
          MAIL        | 452 | 4.4.5 x
          MAIL        | 452 | Insufficient system storage
          END_OF_DATA | 452 | 4.3.1 x
          END_OF_DATA | 452 | 4.3.2 x
          END_OF_DATA | 452 | 4.4.5 x
          END_OF_DATA | 452 | x
          RCPT        | 452 | 4.3.1 Insufficient system resources
          GREETING    | 452 | 4.3.1 x
          HELLO       | 452 | 4.3.1 x
          MAIL        | 451 | 4.3.0 Temporary lookup failure
          RCPT        | 451 | 4.3.0 Temporary lookup failure
          END_OF_DATA | 451 | 4.3.5 x
          GREETING    | 421 | 4.3.2 Service not available
          GREETING    | 421 | Service not available
          HELLO       | 421 | x
          RCPT        | 421 | x
          OTHER       | 421 | 4.3.2 x
          MAIL        | 451 | 4.7.0 Temporary server error. Please try again later. PRX5
          RCPT        | 451 | 4.7.0 Temporary server error
          """)
  void isPressure(ReplyStep step, int code, String text) {
    assertThat(ReplyClassifier.classify(step, Reply.of(code, text)))
        .isEqualTo(ReplyVerdict.PRESSURE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          RCPT     | 450 | 4.7.1 <a@b>: Recipient address rejected: Greylisted | GREYLISTED
          RCPT     | 451 | 4.7.1 Greylisting in action, please come back later | GREYLISTED
          RCPT     | 450 | 4.2.0 <a@b>: Recipient address rejected: Greylisted | GREYLISTED
          RCPT     | 451 | Greylisted, please try again in 300 seconds         | GREYLISTED
          MAIL     | 451 | graylisted                                          | GREYLISTED
          RCPT     | 450 | 4.3.2 Service currently unavailable                 | GREYLISTED
          RCPT     | 450 | 4.7.1 Client host rejected: cannot find your name   | REFUSED
          RCPT     | 451 | 4.7.24 SPF temporary failure                        | REFUSED
          RCPT     | 450 | 4.2.1 mailbox busy                                  | REFUSED
          RCPT     | 452 | 4.2.2 mailbox full                                  | REFUSED
          RCPT     | 450 | 4.1.1 unverified address                            | REFUSED
          MAIL     | 421 | 4.2.1 too quickly                                   | REFUSED
          RCPT     | 452 | 4.5.3 too many recipients                           | CLIENT_LIMIT
          RCPT     | 421 | 4.5.3 too many recipients                           | CLIENT_LIMIT
          RCPT     | 452 | too many recipients                                 | CLIENT_LIMIT
          RCPT     | 452 | no reason                                           | CLIENT_LIMIT
          GREETING | 421 | 4.7.0 mx Error: too many connections from 10.1.1.1  | CLIENT_LIMIT
          GREETING | 421 | Too many concurrent SMTP connections                | CLIENT_LIMIT
          GREETING | 421 | 4.3.2 The maximum number of concurrent server connections has exceeded a per-source limit, closing transmission channel | CLIENT_LIMIT
          MAIL     | 421 | 4.7.0 too many errors                               | CLIENT_LIMIT
          OTHER    | 421 | mx Error: timeout exceeded                          | CLIENT_LIMIT
          RCPT     | 450 | mailbox unavailable                                 | TEMPORARY
          MAIL     | 451 | local error                                         | TEMPORARY
          MAIL     | 451 | 4.4.3 directory                                     | TEMPORARY
          GREETING | 450 | x                                                   | TEMPORARY
          RCPT     | 452 | 4.4.5 x                                             | TEMPORARY
          STARTTLS | 454 | TLS not available                                   | TEMPORARY
          """)
  void isTemporaryAndNeverPressure(ReplyStep step, int code, String text, ReplyVerdict verdict) {
    assertThat(ReplyClassifier.classify(step, Reply.of(code, text))).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GREETING    | 554 | No SMTP service here                | REFUSES_CLIENT
          GREETING    | 554 | 5.3.2 x                             | REFUSES_CLIENT
          GREETING    | 521 | host accepts no mail                | REFUSES_CLIENT
          GREETING    | 550 | 5.7.1 blocked                       | REFUSES_CLIENT
          GREETING    | 550 | what                                | PROTOCOL
          HELLO       | 504 | 5.5.2 <x>: Helo command rejected    | REFUSED
          HELLO       | 501 | 5.5.4 Invalid domain name           | REFUSED
          HELLO       | 550 | Access denied                       | REFUSED
          HELLO       | 502 | not implemented                     | PROTOCOL
          MAIL        | 550 | 5.7.23 SPF validation failed        | REFUSED
          MAIL        | 530 | 5.7.0 Must issue a STARTTLS command | REFUSED
          MAIL        | 553 | sender rejected                     | REFUSED
          RCPT        | 550 | 5.1.1 User unknown                  | REFUSED
          RCPT        | 550 | No such user                        | REFUSED
          RCPT        | 554 | 5.7.1 Relay access denied           | REFUSED
          MAIL        | 503 | 5.5.1 nested MAIL                   | PROTOCOL
          MAIL        | 500 | unknown command                     | PROTOCOL
          MAIL        | 554 | 5.3.0 broken                        | BROKEN
          RCPT        | 550 | 5.4.6 loop                          | BROKEN
          OTHER       | 550 | x                                   | PROTOCOL
          MAIL        | 354 | x                                   | PROTOCOL
          DATA        | 354 | go                                  | ACCEPTED
          RCPT        | 251 | x                                   | ACCEPTED
          GREETING    | 220 | mx                                  | ACCEPTED
          """)
  void tellsOthersApart(ReplyStep step, int code, String text, ReplyVerdict verdict) {
    assertThat(ReplyClassifier.classify(step, Reply.of(code, text))).isEqualTo(verdict);
  }

  @Test
  void anEnhancedCodeOfAnotherSeverityDoesNotCount() {
    assertThat(ReplyClassifier.classify(ReplyStep.RCPT, Reply.of(550, "4.3.1 x")))
        .isEqualTo(ReplyVerdict.REFUSED);
  }
}
