package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkTest {
  private final Transcript t = new Transcript();

  private Transcript greeted() {
    t.link.open();
    t.client("EHLO c.example");
    t.take();
    return t;
  }

  /** A link whose member granted DATA for one recipient. */
  private Transcript inBody() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA");
    t.freshMember("PIPELINING").member("250 s", "250 r", "354 go");
    t.take();
    return t;
  }

  @Test
  void aMessageGoesThroughAndTheConnectionIsKept() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA");
    t.freshMember("PIPELINING");
    assertThat(t.take())
        .containsExactly(
            "-- acquire FIRST",
            ">> EHLO c.example",
            ">> MAIL FROM:<a@x>",
            ">> RCPT TO:<b@y>",
            ">> DATA");
    t.member("250 s", "250 r", "354 go").body(10).member("250 2.0.0 queued as 7");
    assertThat(t.take())
        .containsExactly(
            "S: 250 s",
            "S: 250 r",
            "S: 354 End data with <CR><LF>.<CR><LF>",
            "-- event Answered",
            "-- release KEEP",
            "S: 250 2.0.0 queued as 7");
    assertThat(t.link.state()).isEqualTo(ClientState.READY);
  }

  @Test
  void repliesKeepCommandOrder() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "BOGUS", "NOOP");
    t.freshMember("PIPELINING").take();
    t.member("250 s");
    assertThat(t.take()).containsExactly("S: 250 s");
    t.member("250 r");
    assertThat(t.take())
        .containsExactly("S: 250 r", "S: 500 5.5.2 Command unknown", "S: 250 2.0.0 Ok");
  }

  @Test
  void aMemberWithoutPipeliningGetsOneCommandAtATime() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA");
    t.freshMember();
    assertThat(t.take()).endsWith(">> MAIL FROM:<a@x>");
    t.member("250 s");
    assertThat(t.take()).containsExactly("S: 250 s", ">> RCPT TO:<b@y>");
    t.member("250 r");
    assertThat(t.take()).containsExactly("S: 250 r", ">> DATA");
  }

  @Test
  void aWarmConnectionThatIsDeadIsReplacedBySameMemberOnce() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA");
    t.freshMember("PIPELINING").member("250 s", "250 r", "354 go").body(5);
    ServerSide warm = new ServerSide();
    t.member("250 done");
    warm.answered(Reply.of(220, "hello"));
    warm.greeted(new io.posthouse.smtp.Command.Hello(true, "c.example"), t.offer());
    t.take();

    t.client("MAIL FROM:<a@x>");
    t.link.acquired(warm);
    t.link.serverLost("reset");
    assertThat(t.take())
        .containsExactly(
            "-- acquire FIRST", ">> MAIL FROM:<a@x>", "-- release CLOSE", "-- acquire SAME_FRESH");
    t.freshMember("PIPELINING");
    t.link.serverLost("reset");
    assertThat(t.take()).endsWith("-- event AttemptFailed", "-- acquire ANOTHER");
  }

  @Test
  void aWarmConnectionThatRefusesAnotherNameIsReplacedBySameMember() {
    ServerSide warm = new ServerSide();
    warm.answered(Reply.of(220, "hello"));
    warm.greeted(new io.posthouse.smtp.Command.Hello(true, "other.example"), t.offer());
    greeted().client("MAIL FROM:<a@x>");
    t.link.acquired(warm);
    t.member("503 5.5.1 Already identified");
    assertThat(t.take())
        .containsExactly(
            "-- acquire FIRST", ">> EHLO c.example", "-- release CLOSE", "-- acquire SAME_FRESH");
    assertThat(warm.greetsOnce()).isTrue();
    t.freshMember("PIPELINING").member("250 s");
    assertThat(t.take()).endsWith("S: 250 s");
  }

  @Test
  void pressureAtMailMovesTheMessageAndTheClientSeesNothing() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>");
    t.freshMember("PIPELINING").take();
    t.member("452 4.3.1 no space");
    assertThat(t.take())
        .containsExactly("-- release CLOSE", "-- event AttemptFailed", "-- acquire ANOTHER");
    t.freshMember("PIPELINING").member("250 s", "250 r");
    assertThat(t.take())
        .containsSubsequence(">> MAIL FROM:<a@x>", ">> RCPT TO:<b@y>", "S: 250 s", "S: 250 r");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aMemberThatSays421ToAnyCommandHasLeftAndTheMessageMoves(int answered) {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA");
    t.freshMember("PIPELINING");
    t.member(List.of("250 s", "250 r").subList(0, answered).toArray(String[]::new)).take();
    t.member("421 4.7.0 bye");
    assertThat(t.take())
        .containsExactly("-- release CLOSE", "-- event AttemptFailed", "-- acquire ANOTHER");
    t.link.unavailable(Reply.of(451, "4.3.2 none"));
    assertThat(t.take())
        .hasSize(4 - answered)
        .endsWith("S: 451 4.7.0 bye")
        .startsWith("-- event Failed");
  }

  @Test
  void a421AfterTheDotMovesTheMessageOnlyUntilTheMemberHasIt() {
    inBody().body(5);
    t.link.reply(Reply.of(421, "4.7.0 bye"));
    assertThat(t.take()).endsWith("-- acquire ANOTHER");
    t.freshMember("PIPELINING").member("250 s", "250 r", "354 go").take();
    t.member("421 4.7.0 bye");
    assertThat(t.take())
        .containsExactly("-- event Answered", "-- release CLOSE", "S: 451 4.7.0 bye");
  }

  @Test
  void a421ToAChunkMovesTheMessage() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>");
    t.freshMember("PIPELINING", "CHUNKING").member("250 s", "250 r");
    t.client("BDAT 4");
    t.link.bodyOctets(4);
    t.member("421 4.7.0 bye");
    assertThat(t.take()).endsWith("-- event AttemptFailed", "-- acquire ANOTHER");
  }

  @Test
  void aGreetingThatAsksForMoreIsNonsenseAndNoAnswerToMail() {
    greeted().client("MAIL FROM:<a@x>");
    t.link.acquired(new ServerSide());
    t.member("354 go");
    t.link.unavailable(Reply.of(451, "4.3.2 none"));
    assertThat(t.take()).endsWith("S: 451 4.5.0 The server answered nonsense, try again");
  }

  @Test
  void aMemberLostInTheBodyIsReplayed() {
    inBody();
    t.link.bodyOctets(100);
    t.link.serverLost("reset");
    assertThat(t.link.input()).isEqualTo(ClientInput.HELD);
    t.freshMember("PIPELINING").member("250 s", "250 r", "354 go");
    assertThat(t.take()).endsWith(">> DATA", "-- replay 0+100");
    t.body(5).member("250 done");
    assertThat(t.take()).endsWith("S: 250 done");
  }

  @Test
  void aMemberLostBehindTheReplayBufferIsDiscardedAndTold451() {
    inBody();
    t.link.bodyOctets(100);
    t.link.replayLost();
    t.link.serverLost("reset");
    assertThat(t.link.input()).isEqualTo(ClientInput.DATA);
    assertThat(t.link.forwardsBody()).isFalse();
    t.body(5);
    assertThat(t.take()).endsWith("-- event Failed", "S: 451 4.4.2 Lost the server, try again");
    assertThat(t.link.state()).isEqualTo(ClientState.READY);
  }

  @Test
  void aBodyWithoutARecipientGoesToNoOtherMember() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA");
    t.freshMember("PIPELINING").member("250 s", "550 r", "354 go");
    t.take();
    t.link.serverLost("reset");
    assertThat(t.take()).doesNotContain("-- acquire ANOTHER");
    t.body(5);
    assertThat(t.take()).containsExactly("S: 451 4.4.2 Lost the server, try again");
  }

  @Test
  void afterTheCommitNothingIsRetried() {
    inBody().body(5);
    assertThat(t.link.awaitsCommit()).isTrue();
    t.link.committed();
    t.link.serverLost("reset");
    assertThat(t.take())
        .containsExactly(
            "-- event OutcomeUnknown",
            "-- release CLOSE",
            "S: 451 4.4.2 Lost the server, try again");
  }

  @Test
  void beforeTheCommitTheWholeBodyIsReplayed() {
    inBody().body(5);
    t.link.serverLost("reset");
    t.freshMember("PIPELINING").member("250 s", "250 r", "354 go");
    assertThat(t.take()).endsWith("-- replay 0+5");
    t.link.committed();
    t.member("250 done");
    assertThat(t.take()).endsWith("S: 250 done");
  }

  @Test
  void aMemberThatAnswersBeforeItHasTheMessageIsNotBelieved() {
    inBody().body(5);
    t.link.serverLost("reset");
    t.freshMember("PIPELINING").member("250 s", "250 r", "354 go");
    t.link.reply(Reply.of(250, "done")); // In one packet with 354, before the body was written.
    assertThat(t.take())
        .endsWith("-- release CLOSE", "-- event AttemptFailed", "-- acquire ANOTHER");
  }

  @Test
  void pressureAfterTheDotIsReplayed() {
    inBody().body(5);
    t.link.committed();
    t.member("452 4.3.1 no space");
    assertThat(t.take()).endsWith("-- acquire ANOTHER");
  }

  @Test
  void anAcceptedRecipientMustBeAcceptedAgain() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "RCPT TO:<c@y>");
    t.freshMember("PIPELINING").member("250 s", "250 r", "550 no").take();
    t.link.serverLost("reset");
    t.client("DATA");
    t.freshMember("PIPELINING");
    assertThat(t.take()).endsWith(">> MAIL FROM:<a@x>", ">> RCPT TO:<b@y>", ">> DATA");
    t.member("250 s", "550 no");
    assertThat(t.take()).endsWith("-- acquire ANOTHER");
    t.link.unavailable(Reply.of(451, "4.3.2 none"));
    assertThat(t.take()).endsWith("S: 451 4.3.2 No server can take this message now");
  }

  @Test
  void aDoomedTransactionGets451UntilItBeginsAnew() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>");
    t.link.unavailable(Reply.of(451, "4.3.2 none"));
    t.client("DATA", "RCPT TO:<c@y>");
    assertThat(t.take().stream().filter(line -> line.startsWith("S:")))
        .hasSize(4)
        .allMatch(line -> line.startsWith("S: 451"));
    t.client("RSET", "RCPT TO:<c@y>");
    assertThat(t.take()).containsExactly("S: 250 2.0.0 Ok", "S: 503 5.5.1 MAIL first");
  }

  @Test
  void octetsOfARefusedChunkAreSwallowed() {
    greeted().client("BDAT 7 LAST");
    assertThat(t.link.input()).isEqualTo(ClientInput.CHUNK);
    assertThat(t.link.forwardsBody()).isFalse();
    t.link.bodyOctets(7);
    assertThat(t.link.input()).isEqualTo(ClientInput.COMMAND);
    assertThat(t.take()).containsExactly("S: 503 5.5.1 MAIL first");
  }

  @Test
  void chunksAreReplayedAsOneAndGoOn() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>");
    t.freshMember("PIPELINING", "CHUNKING").member("250 s", "250 r");
    t.client("BDAT 4");
    t.link.bodyOctets(4);
    t.member("250 four");
    t.client("BDAT 6 LAST");
    t.link.bodyOctets(2);
    t.take();
    t.link.serverLost("reset");
    t.freshMember("PIPELINING", "CHUNKING").member("250 s", "250 r");
    assertThat(t.take()).endsWith(">> BDAT 4", "-- replay 0+4");
    t.member("250 four");
    assertThat(t.take()).endsWith(">> BDAT 6 LAST", "-- replay 4+2");
    t.link.bodyOctets(4);
    t.member("250 done");
    assertThat(t.take()).endsWith("S: 250 done");
  }

  @Test
  void whatStandsBehindDataIsNeverACommand() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>");
    t.inputBehind = true;
    t.client("DATA");
    assertThat(t.take())
        .endsWith("S: 421 4.5.0 Data sent before 354, closing", "-- close OUT_OF_STEP");
  }

  @Test
  void aClientThatLeavesAfterTheDotDoesNotStopTheMember() {
    inBody().body(5);
    t.link.committed();
    t.link.clientLost();
    assertThat(t.take()).isEmpty();
    t.member("250 done");
    assertThat(t.take())
        .containsExactly("-- event Answered", "-- release KEEP", "-- close CLIENT_LOST");
  }

  @Test
  void aClientThatLeavesInTheBodyNeverEndsIt() {
    inBody().link.clientLost();
    assertThat(t.take())
        .containsExactly("-- event Abandoned", "-- release CLOSE", "-- close CLIENT_LOST");
  }

  @Test
  void shutdownWaitsForTheMessageUnderWay() {
    inBody().link.shutdown();
    assertThat(t.take()).isEmpty();
    t.body(5).member("250 done");
    assertThat(t.take())
        .endsWith("S: 250 done", "S: 421 4.3.2 Service shutting down", "-- close SHUTDOWN");
  }

  @Test
  void tooManyErrorsEndTheLink() {
    greeted().client("A", "B", "C", "D", "E", "F");
    assertThat(t.take())
        .endsWith("S: 421 4.7.0 Too many errors, closing", "-- close TOO_MANY_ERRORS");
  }

  @Test
  void theLastWordIsNoAnswerToAnEarlierCommand() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "NOOP");
    t.freshMember("PIPELINING").take();
    t.link.bareLineEnd();
    assertThat(t.take())
        .containsExactly(
            "-- event Abandoned",
            "-- release CLOSE",
            "S: 451 4.5.0 Not done, closing",
            "S: 451 4.5.0 Not done, closing",
            "S: 250 2.0.0 Ok",
            "S: 550 5.5.2 A line that does not end in CR LF, closing",
            "-- close BARE_LINE_END");
  }

  @Test
  void anotherProtocolIsSentAway() {
    t.link.open();
    t.client("X\u0001");
    assertThat(t.take()).endsWith("-- close NOT_SMTP");
  }
}
