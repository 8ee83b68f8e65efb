package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one connection to a member, and the replies it owes. It outlives the link that
 * opened it when the connection is kept.
 */
public final class ServerSide {
  /** What a member is expected to answer next: a step, or one recipient. */
  sealed interface Expected permits Step, Rcpt {
    /** The phase that its deadline follows. */
    Phase phase();
  }

  /** A reply that there is one of. */
  enum Step implements Expected {
    GREETING(Phase.GREETING),
    HELLO(Phase.HELLO),
    STARTTLS(Phase.TLS),
    /** No reply, but the end of the handshake. */
    HANDSHAKE(Phase.TLS),
    XCLIENT(Phase.ANNOUNCE),
    AUTH(Phase.AUTH),
    MAIL(Phase.MAIL),
    DATA(Phase.DATA),
    /** The reply to a chunk that is repeated from the replay buffer. */
    OLD_CHUNK(Phase.FINAL_REPLY),
    CHUNK(Phase.FINAL_REPLY),
    FINAL(Phase.FINAL_REPLY),
    /** The reply to RSET, where the client stays with its member. */
    RESET(Phase.MAIL);

    private final Phase phase;

    Step(Phase phase) {
      this.phase = phase;
    }

    @Override
    public Phase phase() {
      return phase;
    }
  }

  /** The reply to one recipient. */
  record Rcpt(Recipient recipient) implements Expected {
    @Override
    public Phase phase() {
      return Phase.RCPT;
    }
  }

  private final ArrayDeque<Expected> expected = new ArrayDeque<>(8);
  private final MemberSecurity security;
  private final boolean authOverPlain;
  private EhloKeywords keywords = EhloKeywords.none();
  private Command.@Nullable Hello greetedAs;
  private boolean secured;
  private boolean staysPlain;
  private boolean untold;
  private boolean announced;
  private boolean warm;
  private boolean heard;
  private boolean fellBack;
  private boolean greetsOnce;

  /** Whether what it gets now is a body, or the answer to a challenge, and no command. */
  private boolean inBody;

  private int errors;
  private long replies;

  /** A new connection in plain, whose greeting is to come. */
  public ServerSide() {
    this(MemberSecurity.PLAIN, false);
  }

  /**
   * A new connection, whose greeting is to come; where it is encrypted from the first octet, inside
   * TLS.
   *
   * @param authOverPlain whether a login may go over it although it is not encrypted
   */
  public ServerSide(MemberSecurity security, boolean authOverPlain) {
    this.security = security;
    this.authOverPlain = authOverPlain;
    this.secured = security == MemberSecurity.IMPLICIT;
    expected.add(Step.GREETING);
  }

  /** Whether it is encrypted. */
  public boolean isSecured() {
    return secured;
  }

  /** Whether its EHLO reply is still to tell whether STARTTLS follows. */
  boolean isToBeSecured() {
    return !secured && !staysPlain && security != MemberSecurity.PLAIN;
  }

  boolean mustBeSecured() {
    return security == MemberSecurity.REQUIRED;
  }

  /** It offers no STARTTLS, and need not. */
  void staysPlain() {
    staysPlain = true;
    untold = fellBack;
  }

  /**
   * Whether it is in plain only because the member did not take its client's EHLO: another client
   * might be offered STARTTLS.
   */
  public boolean isUntold() {
    return untold;
  }

  /** Whether it was told who its client is, by XCLIENT. */
  public boolean isAnnounced() {
    return announced;
  }

  void announced() {
    announced = true;
    fellBack = false;
  }

  /** The handshake is done: all that was said before counts no more (RFC 3207 section 4.2). */
  void secured() {
    expected.poll();
    secured = true;
    fellBack = false;
  }

  /** Whether a client may log in over it by this mechanism. */
  boolean takesLogin(String mechanism) {
    return (secured || authOverPlain) && Mechanisms.of(keywords).contains(mechanism);
  }

  /** What the member offered in its last EHLO reply; nothing before that and after HELO. */
  public EhloKeywords keywords() {
    return keywords;
  }

  /** The EHLO or HELO that it knows its client by; null before its first. */
  public Command.@Nullable Hello greetedAs() {
    return greetedAs;
  }

  /**
   * Whether it refused to be greeted anew on a connection that it had been greeted on, as OpenSMTPD
   * does against RFC 5321 section 4.1.4.
   */
  public boolean greetsOnce() {
    return greetsOnce;
  }

  void refusedAnotherHello() {
    greetsOnce = true;
  }

  /** Error replies since it last accepted a message. */
  public int errors() {
    return errors;
  }

  /** Whether replies are still to come. */
  public boolean owes() {
    return !expected.isEmpty();
  }

  /** Replies that came so far; a changed number tells that the member lives. */
  public long replies() {
    return replies;
  }

  /** Whether it waits for a command, and owes no reply. */
  public boolean isAtCommand() {
    return expected.isEmpty() && !inBody && greetedAs != null;
  }

  /** Whether it was taken from the kept ones and has not answered anything since. */
  boolean isStaleSuspect() {
    return warm && !heard;
  }

  /** A kept connection begins to serve a link. */
  void reused() {
    warm = true;
    heard = false;
  }

  boolean isFresh() {
    return greetedAs == null;
  }

  /** Whether it refused EHLO and is tried with HELO (RFC 5321 section 3.2). */
  boolean fellBack() {
    return fellBack;
  }

  void fallBack() {
    fellBack = true;
    errors--; // That it knows no EHLO is not its client's error.
  }

  boolean pipelines() {
    return keywords.has("PIPELINING");
  }

  /** Whether another command may go out now. */
  boolean maySend() {
    return expected.isEmpty() || pipelines();
  }

  void expect(Expected reply) {
    expected.add(reply);
  }

  @Nullable Expected awaited() {
    return expected.peek();
  }

  /** Takes a reply in: what it answers, or null when nobody asked. */
  @Nullable Expected answered(Reply reply) {
    heard = true;
    replies++;
    if (reply.severity() >= 4) {
      errors++;
    }
    Expected asked = expected.poll();
    if (asked == Step.DATA) {
      inBody = reply.code() == 354;
    } else if (asked == Step.AUTH) {
      inBody = reply.code() == 334;
    } else if (asked == Step.FINAL) {
      inBody = false;
    }
    return asked;
  }

  /** It answered before it had all of a body or chunk: what is written now is no command to it. */
  void answeredEarly() {
    inBody = true;
  }

  void greeted(Command.Hello as, EhloKeywords offered) {
    greetedAs = as;
    keywords = offered;
    fellBack = false;
  }

  void acceptedMessage() {
    errors = 0;
  }
}
