package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client must not bring about at a member, nor a member at its clients. */
class HostilePeerTest {
  private final Transcript t = new Transcript();

  private Transcript greeted() {
    t.link.open();
    t.client("EHLO c.example");
    t.take();
    return t;
  }

  private Failure failure() {
    return t.events.stream()
        .filter(SessionEvent.AttemptFailed.class::isInstance)
        .map(event -> ((SessionEvent.AttemptFailed) event).failure())
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  private static ServerSide warm(String name) {
    ServerSide warm = new ServerSide();
    warm.answered(Reply.of(220, "hello"));
    warm.greeted(new Command.Hello(true, name), new Transcript().offer());
    return warm;
  }

  @Test
  void noFarewellFollowsABodyThatWasAnsweredBeforeItsEnd() {
    for (String answer : List.of("250 done", "452 4.3.1 full", "550 no")) {
      HostilePeerTest each = new HostilePeerTest();
      ServerSide early = new ServerSide();
      each.greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA");
      each.t.member(early, "PIPELINING").member("250 s", "250 r", "354 go").body(5);
      each.t.link.reply(Reply.of(Integer.parseInt(answer.substring(0, 3)), answer.substring(4)));
      assertThat(each.t.take()).as(answer).contains("-- release CLOSE");
      assertThat(early.isAtCommand()).as(answer).isFalse();
    }
  }

  @Test
  void noFarewellFollowsAChunkThatWasAnsweredBeforeItsEnd() {
    ServerSide early = new ServerSide();
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>");
    t.member(early, "PIPELINING", "CHUNKING").member("250 s", "250 r");
    t.client("BDAT 10 LAST");
    t.link.bodyOctets(4);
    t.link.reply(Reply.of(452, "4.3.1 full"));
    assertThat(t.take()).contains("-- release CLOSE");
    assertThat(early.isAtCommand()).isFalse();
  }

  @Test
  void aNameThatAMemberDoesNotLikeSaysNothingOfGreetingItAnew() {
    ServerSide warm = warm("other.example");
    greeted().client("MAIL FROM:<a@x>");
    t.link.acquired(warm);
    t.member("501 Syntactically invalid EHLO argument(s)");
    assertThat(t.take()).contains("-- acquire SAME_FRESH");
    assertThat(warm.greetsOnce()).isFalse();
  }

  @Test
  void aKeptConnectionThatRefusesAnotherNameIsNoPermanentFailure() {
    greeted().client("MAIL FROM:<a@x>");
    t.link.acquired(warm("other.example"));
    t.member("503 5.5.1 Already identified");
    t.link.unavailable(Reply.of(451, "4.3.2 none"));
    assertThat(t.take()).endsWith("S: 451 4.3.2 No server can take this message now");
  }

  @Test
  void oneMemberThatLetsNobodyInMakesNoPermanentFailureOfAnothersPressure() {
    greeted().client("MAIL FROM:<a@x>");
    t.freshMember().member("452 4.3.1 full");
    t.link.acquired(new ServerSide());
    t.member("554 no service here");
    t.link.unavailable(Reply.of(451, "4.3.2 none"));
    assertThat(t.take()).endsWith("S: 452 4.3.1 full");
  }

  @Test
  void whoMadeErrorsUntilTheMemberLeftSaysNothingOfTheMember() {
    greeted().client("MAIL FROM:<a@x>", "RCPT TO:<b@y>");
    t.freshMember("PIPELINING").member("250 s", "550 no such user", "421 4.7.0 too many errors");
    assertThat(failure().kind()).isEqualTo(Failure.Kind.DEPARTED);
  }

  @Test
  void whoKeptTheMemberWaitingUntilItLeftSaysNothingOfTheMember() {
    greeted().client("MAIL FROM:<a@x>");
    t.freshMember("PIPELINING").member("250 s");
    t.link.serverLost("closed");
    assertThat(failure().kind()).isEqualTo(Failure.Kind.DEPARTED);
  }

  @Test
  void aMemberLostWhileItOwesAnAnswerIsLost() {
    greeted().client("MAIL FROM:<a@x>");
    t.freshMember("PIPELINING");
    t.link.serverLost("closed");
    assertThat(failure().kind()).isEqualTo(Failure.Kind.LOST);
  }

  @Test
  void aLongReplyOfAMemberIsToldOnce() {
    greeted().client("MAIL FROM:<a@x>");
    t.freshMember("PIPELINING");
    t.link.reply(new Reply(452, Collections.nCopies(100, "4.3.1 full")));
    t.link.unavailable(Reply.of(451, "4.3.2 none"));
    t.client("RCPT TO:<b@y>");
    assertThat(t.take())
        .endsWith("S: 452 4.3.1 full", "S: 451 4.3.2 No server can take this message now");
  }
}
