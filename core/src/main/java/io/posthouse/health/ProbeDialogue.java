package io.posthouse.health;

import io.posthouse.model.Announce;
import io.posthouse.model.MemberTls;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.model.Monitor;
import io.posthouse.model.Monitor.Depth;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.MaskedReply;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The SMTP dialogue of one probe, without a socket: replies go in, commands come out.
 *
 * <pre>
 * connect | banner | EHLO (HELO after a 5xx) | STARTTLS, EHLO again | XCLIENT, EHLO again |
 * MAIL inside, RCPT | RSET | MAIL outside, RCPT | QUIT
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
 * <p>Who we are is announced as mail announces its client. A PROXY header went before the dialogue;
 * XCLIENT is said at every depth that says EHLO, inside TLS where TLS is used, and a member that
 * does not let us fails.
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

  private final Monitor monitor;
  private final MemberTls tls;
  private final Announce announce;
  private final String helo;
  private final InetAddress own;
  private final List<String> masked = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private ProbeStage stage = ProbeStage.BANNER;
  private EhloKeywords keywords = EhloKeywords.none();
  private boolean secured;

  /** Whether an EHLO of ours was accepted. */
  private boolean heard;

  private boolean announced;
  private @Nullable Reply greeting;
  private @Nullable Reply ehlo;
  private @Nullable Reply securedEhlo;
  private @Nullable ProbeResult result;

  /**
   * A dialogue whose connection has just been made.
   *
   * @param hostname our own name, given with EHLO when the monitor has none
   * @param own our own address on this connection
   */
  public ProbeDialogue(ProbeOrder order, String hostname, InetAddress own) {
    this.monitor = order.monitor();
    this.tls = order.spokenTls();
    this.announce = order.spokenAnnounce();
    this.helo = monitor.helo() == null ? hostname : monitor.helo();
    this.own = own;
  }

  /** What to do first: the server speaks first, where TLS is implicit inside it. */
  public Next begin() {
    if (monitor.depth() == Depth.CONNECT) {
      // Decided already; the banner is only awaited for a QUIT that no server logs as an error.
      result = new ProbeResult.Passed("connected");
    }
    if (tls.implicit() && tls.mode() != Mode.OFF) {
      stage = ProbeStage.TLS;
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
    return stage == ProbeStage.QUIT
        || stage == ProbeStage.CLOSED
        || monitor.depth() == Depth.CONNECT;
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
      result = failure(reason);
    }
    stage = ProbeStage.CLOSED;
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
    result = failure(reason);
    // Octets between STARTTLS and TLS are an attack or a broken server: nothing more is said.
    return stage == ProbeStage.STARTTLS ? close() : quit();
  }

  /** TLS has been started. */
  public Next secured() {
    secured = true;
    if (greeting == null) {
      stage = ProbeStage.BANNER;
      return new Next.Await();
    }
    return say(ProbeStage.EHLO_AGAIN, "EHLO " + helo);
  }

  /** Takes the one reply that was awaited. */
  public Next replied(Reply reply) {
    if (stage == ProbeStage.QUIT || stage == ProbeStage.CLOSED) {
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
    if (verdict == ReplyVerdict.GREYLISTED && stage.takesMail()) {
      notes.add("%s greylisted".formatted(stage.step.phrase()));
      return afterMail();
    }
    // Who takes the PROXY protocol knows EHLO: it is the header that was taken for a command.
    if (stage == ProbeStage.EHLO && reply.severity() == 5 && !announce.isProxy()) {
      return say(ProbeStage.HELO, "HELO " + helo);
    }
    settle(outcome(verdict, reply));
    if (saysItCloses(reply)) {
      return close();
    }
    boolean goOn = result instanceof ProbeResult.Inconclusive && stage.takesMail();
    return goOn ? afterMail() : quit();
  }

  private Next advance(Reply reply) {
    return switch (stage) {
      case BANNER ->
          monitor.depth() == Depth.BANNER ? passed() : say(ProbeStage.EHLO, "EHLO " + helo);
      case EHLO, EHLO_AGAIN -> {
        keywords = EhloKeywords.of(reply);
        heard = true;
        yield afterHello();
      }
      case HELO -> afterHello();
      case STARTTLS -> {
        stage = ProbeStage.TLS;
        yield new Next.StartTls();
      }
      case XCLIENT -> {
        announced = true;
        yield say(ProbeStage.EHLO_AGAIN, "EHLO " + helo);
      }
      case INSIDE_MAIL, OUTSIDE_MAIL ->
          monitor.depth() == Depth.RECIPIENT && monitor.recipient() != null
              ? say(
                  stage == ProbeStage.INSIDE_MAIL
                      ? ProbeStage.INSIDE_RCPT
                      : ProbeStage.OUTSIDE_RCPT,
                  "RCPT TO:<" + monitor.recipient() + ">")
              : afterMail();
      case INSIDE_RCPT, OUTSIDE_RCPT -> afterMail();
      case RSET -> mailFromOutside();
      case TLS, QUIT, CLOSED -> throw new IllegalStateException("no reply is due at " + stage);
    };
  }

  private Next afterHello() {
    Depth depth = monitor.depth();
    if (!secured && !announced) {
      boolean wanted = tls.mode() != Mode.OFF || depth != Depth.HELLO;
      if (wanted && keywords.has("STARTTLS")) {
        return say(ProbeStage.STARTTLS, "STARTTLS");
      }
      if (isTlsDue()) {
        stage = ProbeStage.STARTTLS;
        settle(failure("STARTTLS is not offered"));
        return quit();
      }
    }
    if (announce == Announce.XCLIENT && !announced) {
      return announce();
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
    return say(ProbeStage.INSIDE_MAIL, mailFrom(monitor.senders().inside()));
  }

  /**
   * Says who we are as mail says who its client is. What the member offers then counts; what it
   * offered before TLS stays, since nothing more is known of mail in plain.
   */
  private Next announce() {
    stage = ProbeStage.XCLIENT;
    if (secured) {
      securedEhlo = null;
    } else {
      ehlo = null;
    }
    if (Xclient.isOffered(keywords)) {
      return say(ProbeStage.XCLIENT, Xclient.command(keywords, own));
    }
    settle(failure("XCLIENT with ADDR is not offered; " + Xclient.remedy(own)));
    return quit();
  }

  /** Whether a member must not go on in plain. */
  private boolean isTlsDue() {
    return monitor.depth() == Depth.STARTTLS
        || tls.mode() == Mode.REQUIRED
        || tls.mode() == Mode.VERIFIED;
  }

  /** After one sender: the other one, or the end. */
  private Next afterMail() {
    boolean inside = stage == ProbeStage.INSIDE_MAIL || stage == ProbeStage.INSIDE_RCPT;
    boolean more = inside && monitor.senders() != null && monitor.senders().outside() != null;
    return more ? say(ProbeStage.RSET, "RSET") : passed();
  }

  private Next mailFromOutside() {
    String outside = monitor.senders() == null ? null : monitor.senders().outside();
    return outside == null ? passed() : say(ProbeStage.OUTSIDE_MAIL, mailFrom(outside));
  }

  /** The null sender may be written as nothing or with its brackets (RFC 5321 section 4.5.5). */
  private static String mailFrom(String sender) {
    return sender.equals("<>") ? "MAIL FROM:<>" : "MAIL FROM:<" + sender + ">";
  }

  private ProbeResult outcome(ReplyVerdict verdict, Reply reply) {
    ProbeStep step = stage.step;
    String text = noted(reply.phrase());
    if (verdict != ReplyVerdict.PRESSURE && stage == ProbeStage.XCLIENT) {
      return failure(reply.phrase() + "; " + Xclient.remedy(own));
    } else if (verdict != ReplyVerdict.PRESSURE && stage == ProbeStage.STARTTLS) {
      return failure(reply.phrase());
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
      case ACCEPTED, GREYLISTED, TEMPORARY, BROKEN, PROTOCOL -> failure(reply.phrase());
    };
  }

  private ProbeResult.Failed failure(String reason) {
    boolean maybeDeaf = announce.isProxy() && !heard;
    String hint = maybeDeaf ? ", behind a PROXY header: does the member take it?" : "";
    return new ProbeResult.Failed(stage.step, noted(reason + hint));
  }

  private PressureScope scope() {
    return stage == ProbeStage.OUTSIDE_MAIL || stage == ProbeStage.OUTSIDE_RCPT
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
    if (stage == ProbeStage.BANNER) {
      greeting = reply;
      if (MaskedReply.isBanner(reply)) {
        masked.add("banner");
      }
    } else if (secured && stage.isEhlo()) {
      securedEhlo = reply;
    } else if (stage.isEhlo()) {
      ehlo = reply;
      if (MaskedReply.isHello(reply) && !masked.contains("EHLO reply")) {
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

  private static boolean saysItCloses(Reply reply) {
    return reply.code() == 421 || reply.code() == 521;
  }

  private Next quit() {
    return say(ProbeStage.QUIT, "QUIT");
  }

  private Next close() {
    stage = ProbeStage.CLOSED;
    return new Next.Close();
  }

  private Next say(ProbeStage next, String line) {
    stage = next;
    return new Next.Send(line);
  }
}
