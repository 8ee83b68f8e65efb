package io.posthouse.health;

import io.posthouse.model.MemberTls;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.MaskedReply;
import io.posthouse.smtp.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The SMTP dialogue of one probe, without a socket: replies go in, commands come out.
 *
 * <pre>
 * connect | banner | EHLO (HELO after a 5xx) | STARTTLS, EHLO again | MAIL inside, RCPT | RSET |
 * MAIL outside, RCPT | QUIT
 * </pre>
 *
 * <p>DATA is never said, so that no probe ever becomes a mail. QUIT is said at every depth and
 * after every failed step, unless the member has said that it closes (421, 521), gave no proper
 * reply before it was waited for no longer, or sent octets between STARTTLS and TLS.
 *
 * <p>TLS is that of mail: from the first octet where it is implicit; by STARTTLS from depth hello
 * on where the member offers it, and one that does not offer it fails where TLS is required. Where
 * mail goes in plain, STARTTLS is demanded at depth starttls, and used at deeper ones where the
 * member offers it.
 *
 * <p>A refused probe is not a failed one: what is refused because of the monitor's own name, sender
 * or recipient is inconclusive, and the dialogue goes on with the other sender; a worse result of
 * that one counts instead.
 */
public final class ProbeDialogue {

  /** What is to be done next; then the answer is told to the dialogue. */
  public sealed interface Next {
    /** Send this line, then tell the reply. */
    record Send(String line) implements Next {}

    /** Wait for a reply without sending anything. */
    record Await() implements Next {}

    /** Start TLS, then tell {@link ProbeDialogue#secured} or {@link ProbeDialogue#failed}. */
    record StartTls() implements Next {}

    /** Nothing more is said; close. */
    record Close() implements Next {}
  }

  private enum Stage {
    BANNER(ProbeStep.BANNER, ReplyStep.GREETING),
    EHLO(ProbeStep.HELLO, ReplyStep.HELLO),
    HELO(ProbeStep.HELLO, ReplyStep.HELLO),
    STARTTLS(ProbeStep.STARTTLS, ReplyStep.STARTTLS),
    TLS(ProbeStep.TLS, ReplyStep.OTHER),
    EHLO_AGAIN(ProbeStep.HELLO, ReplyStep.HELLO),
    INSIDE_MAIL(ProbeStep.INSIDE_SENDER, ReplyStep.MAIL),
    INSIDE_RCPT(ProbeStep.INSIDE_RECIPIENT, ReplyStep.RCPT),
    RSET(ProbeStep.RESET, ReplyStep.OTHER),
    OUTSIDE_MAIL(ProbeStep.OUTSIDE_SENDER, ReplyStep.MAIL),
    OUTSIDE_RCPT(ProbeStep.OUTSIDE_RECIPIENT, ReplyStep.RCPT),
    QUIT(ProbeStep.RESET, ReplyStep.OTHER),
    CLOSED(ProbeStep.RESET, ReplyStep.OTHER);

    private final ProbeStep step;
    private final ReplyStep asked;

    Stage(ProbeStep step, ReplyStep asked) {
      this.step = step;
      this.asked = asked;
    }
  }

  private final Monitor monitor;
  private final MemberTls tls;
  private final String helo;
  private final List<String> masked = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Stage stage = Stage.BANNER;
  private EhloKeywords keywords = EhloKeywords.none();
  private boolean secured;
  private @Nullable Reply greeting;
  private @Nullable Reply ehlo;
  private @Nullable Reply securedEhlo;
  private @Nullable ProbeResult result;

  /**
   * A dialogue whose connection has just been made.
   *
   * @param tls the TLS of mail on the port that is asked
   * @param hostname our own name, given with EHLO when the monitor has none
   */
  public ProbeDialogue(Monitor monitor, MemberTls tls, String hostname) {
    this.monitor = monitor;
    this.tls = tls;
    this.helo = monitor.helo() == null ? hostname : monitor.helo();
  }

  /** What to do first: the server speaks first, where TLS is implicit inside it. */
  public Next begin() {
    if (monitor.depth() == Depth.CONNECT) {
      // Decided already; the banner is only awaited for a QUIT that no server logs as an error.
      result = new ProbeResult.Passed("connected");
    }
    if (tls.implicit() && tls.mode() != Mode.OFF) {
      stage = Stage.TLS;
      return new Next.StartTls();
    }
    return new Next.Await();
  }

  /** The step whose answer is awaited. */
  public ProbeStep step() {
    return stage.step;
  }

  /** Whether only the farewell is left, so that nothing that happens now changes the result. */
  public boolean isLeaving() {
    return stage == Stage.QUIT || stage == Stage.CLOSED || monitor.depth() == Depth.CONNECT;
  }

  /** What the probe came to; only after the last step. */
  public ProbeResult result() {
    return result == null ? new ProbeResult.Failed(stage.step, "given up") : result;
  }

  /** What the member has said of itself so far. */
  public Introduction introduction() {
    return new Introduction(greeting, ehlo, securedEhlo);
  }

  /**
   * No reply came, or no proper one: the connection is of no more use.
   *
   * @param reason for people: {@code no answer in 5 s}
   */
  public void failed(String reason) {
    if (!isLeaving()) {
      result = new ProbeResult.Failed(stage.step, noted(reason));
    }
    stage = Stage.CLOSED;
  }

  /**
   * Something else came than the one reply that was awaited; the connection still talks.
   *
   * @param reason for people: {@code spoke out of turn: 250 ok}
   */
  public Next disordered(String reason) {
    if (isLeaving()) {
      return close();
    }
    result = new ProbeResult.Failed(stage.step, noted(reason));
    // Octets between STARTTLS and TLS are an attack or a broken server: nothing more is said.
    return stage == Stage.STARTTLS ? close() : quit();
  }

  /** TLS has been started. */
  public Next secured() {
    secured = true;
    if (greeting == null) {
      stage = Stage.BANNER;
      return new Next.Await();
    }
    return say(Stage.EHLO_AGAIN, "EHLO " + helo);
  }

  /** Takes the one reply that was awaited. */
  public Next replied(Reply reply) {
    if (stage == Stage.QUIT || stage == Stage.CLOSED) {
      return close();
    }
    notice(reply);
    if (monitor.depth() == Depth.CONNECT) {
      return saysItCloses(reply) ? close() : quit();
    }
    ReplyVerdict verdict = ReplyClassifier.classify(stage.asked, reply);
    if (verdict == ReplyVerdict.ACCEPTED) {
      return advance(reply);
    }
    if (verdict == ReplyVerdict.GREYLISTED && takesMail()) {
      notes.add("%s greylisted".formatted(stage.step.phrase()));
      return afterMail();
    }
    if (stage == Stage.EHLO && reply.severity() == 5) {
      return say(Stage.HELO, "HELO " + helo);
    }
    settle(outcome(verdict, reply));
    if (saysItCloses(reply)) {
      return close();
    }
    boolean goOn = result instanceof ProbeResult.Inconclusive && takesMail();
    return goOn ? afterMail() : quit();
  }

  private Next advance(Reply reply) {
    return switch (stage) {
      case BANNER -> monitor.depth() == Depth.BANNER ? passed() : say(Stage.EHLO, "EHLO " + helo);
      case EHLO, EHLO_AGAIN -> {
        keywords = EhloKeywords.of(reply);
        yield afterHello();
      }
      case HELO -> afterHello();
      case STARTTLS -> {
        stage = Stage.TLS;
        yield new Next.StartTls();
      }
      case INSIDE_MAIL, OUTSIDE_MAIL ->
          monitor.depth() == Depth.RECIPIENT && monitor.recipient() != null
              ? say(
                  stage == Stage.INSIDE_MAIL ? Stage.INSIDE_RCPT : Stage.OUTSIDE_RCPT,
                  "RCPT TO:<" + monitor.recipient() + ">")
              : afterMail();
      case INSIDE_RCPT, OUTSIDE_RCPT -> afterMail();
      case RSET -> mailFromOutside();
      case TLS, QUIT, CLOSED -> throw new IllegalStateException("no reply is due at " + stage);
    };
  }

  private Next afterHello() {
    Depth depth = monitor.depth();
    if (!secured) {
      boolean wanted = tls.mode() != Mode.OFF || depth != Depth.HELLO;
      if (wanted && keywords.has("STARTTLS")) {
        return say(Stage.STARTTLS, "STARTTLS");
      }
      if (isTlsDue()) {
        stage = Stage.STARTTLS;
        settle(new ProbeResult.Failed(ProbeStep.STARTTLS, noted("STARTTLS is not offered")));
        return quit();
      }
    }
    if (depth == Depth.HELLO || depth == Depth.STARTTLS) {
      return passed();
    }
    if (monitor.senders() == null) {
      settle(
          new ProbeResult.Inconclusive(
              ProbeStep.INSIDE_SENDER, "monitor misconfigured: it names no senders"));
      return quit();
    }
    return say(Stage.INSIDE_MAIL, mailFrom(monitor.senders().inside()));
  }

  /** Whether a member must not go on in plain. */
  private boolean isTlsDue() {
    return monitor.depth() == Depth.STARTTLS
        || tls.mode() == Mode.REQUIRED
        || tls.mode() == Mode.VERIFIED;
  }

  /** After one sender: the other one, or the end. */
  private Next afterMail() {
    boolean inside = stage == Stage.INSIDE_MAIL || stage == Stage.INSIDE_RCPT;
    boolean more = inside && monitor.senders() != null && monitor.senders().outside() != null;
    return more ? say(Stage.RSET, "RSET") : passed();
  }

  private Next mailFromOutside() {
    String outside = monitor.senders() == null ? null : monitor.senders().outside();
    return outside == null ? passed() : say(Stage.OUTSIDE_MAIL, mailFrom(outside));
  }

  /** The null sender may be written as nothing or with its brackets (RFC 5321 section 4.5.5). */
  private static String mailFrom(String sender) {
    return sender.equals("<>") ? "MAIL FROM:<>" : "MAIL FROM:<" + sender + ">";
  }

  private ProbeResult outcome(ReplyVerdict verdict, Reply reply) {
    ProbeStep step = stage.step;
    String text = noted(reply.phrase());
    if (stage == Stage.STARTTLS && verdict != ReplyVerdict.PRESSURE) {
      return new ProbeResult.Failed(step, text);
    }
    return switch (verdict) {
      case PRESSURE -> new ProbeResult.Pressure(scope(), step, text);
      case REFUSED ->
          new ProbeResult.Inconclusive(
              step, "monitor misconfigured: %s refused: %s".formatted(step.phrase(), text));
      case REFUSES_CLIENT -> new ProbeResult.Inconclusive(step, "refuses this balancer: " + text);
      case CLIENT_LIMIT ->
          new ProbeResult.Inconclusive(
              step, "monitor misconfigured: a limit for this balancer is met: " + text);
      case ACCEPTED, GREYLISTED, TEMPORARY, BROKEN, PROTOCOL -> new ProbeResult.Failed(step, text);
    };
  }

  private PressureScope scope() {
    return stage == Stage.OUTSIDE_MAIL || stage == Stage.OUTSIDE_RCPT
        ? PressureScope.OUTSIDE
        : PressureScope.ALL;
  }

  /** Keeps the worse of two results: failed, pressure, inconclusive. */
  private void settle(ProbeResult next) {
    boolean kept =
        result instanceof ProbeResult.Inconclusive && next instanceof ProbeResult.Inconclusive;
    if (!kept) {
      result = next;
    }
  }

  private Next passed() {
    if (result == null) {
      String depth = monitor.depth().name().toLowerCase(Locale.ROOT);
      result = new ProbeResult.Passed(noted(depth));
    }
    return quit();
  }

  /** Keeps what the member says of itself, and notes what a firewall has masked of it. */
  private void notice(Reply reply) {
    if (stage == Stage.BANNER) {
      greeting = reply;
      if (MaskedReply.isBanner(reply)) {
        masked.add("banner");
      }
    } else if (secured && (stage == Stage.EHLO || stage == Stage.EHLO_AGAIN)) {
      securedEhlo = reply;
    } else if (stage == Stage.EHLO) {
      ehlo = reply;
      if (MaskedReply.isHello(reply)) {
        masked.add("EHLO reply");
      }
    }
  }

  private String noted(String text) {
    List<String> all = new ArrayList<>(notes);
    if (!masked.isEmpty()) {
      all.addFirst(
          "a firewall between Posthouse and this member inspects SMTP: it has masked the %s; switch the inspection off"
              .formatted(String.join(" and the ", masked)));
    }
    return all.isEmpty() ? text : text + " (" + String.join(", ", all) + ")";
  }

  private boolean takesMail() {
    return stage.asked == ReplyStep.MAIL || stage.asked == ReplyStep.RCPT;
  }

  private static boolean saysItCloses(Reply reply) {
    return reply.code() == 421 || reply.code() == 521;
  }

  private Next quit() {
    return say(Stage.QUIT, "QUIT");
  }

  private Next close() {
    stage = Stage.CLOSED;
    return new Next.Close();
  }

  private Next say(Stage next, String line) {
    stage = next;
    return new Next.Send(line);
  }
}
