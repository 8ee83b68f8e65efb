package io.posthouse.path;

import io.posthouse.smtp.MaskedReply;
import io.posthouse.smtp.Printable;
import io.posthouse.smtp.Reply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One try to connect, and to hear a first reply.
 *
 * @param connect how long the connect took, or failed for
 * @param greeting the first reply; null where none came
 * @param waited how long it took, from the connection on
 * @param said the reply on one line, or what went wrong in the system's words; escaped and bounded
 */
public record Attempt(
    End end, Duration connect, @Nullable Reply greeting, Duration waited, String said) {
  /** How long a connect is waited for: three SYNs. */
  public static final Duration CONNECT = Duration.ofSeconds(5);

  /** How long a first reply is waited for: postscreen of Postfix takes six seconds. */
  public static final Duration GREETING = Duration.ofSeconds(10);

  /** The kernel repeats a SYN after a second (RFC 6298 section 2). */
  private static final Duration SLOW = Duration.ofSeconds(1);

  /** A greeting that somebody holds back, or looks something up for. */
  private static final Duration LATE = Duration.ofSeconds(3);

  private static final int MOST_SAID = 200;

  /** One that got no connection, or on which nothing was awaited. */
  public static Attempt of(End end, Duration connect, String said) {
    String line = Printable.line(said, MOST_SAID);
    return new Attempt(end, connect, null, Duration.ZERO, line);
  }

  /** One that was not made. */
  public static Attempt none(End end, String said) {
    return of(end, Duration.ZERO, said);
  }

  /** This one, a connection, that went on without a reply. */
  public Attempt then(End after, Duration time, String what) {
    return new Attempt(after, connect, null, time, Printable.line(what, MOST_SAID));
  }

  /** This one, a connection, and its first reply. */
  public Attempt then(Reply reply, Duration time) {
    return new Attempt(End.GREETED, connect, reply, time, reply.phrase());
  }

  /** Whether a SYN, or its answer, was lost before the connection. */
  boolean isSlow() {
    return end.isConnection() && connect.compareTo(SLOW) >= 0;
  }

  /** Whether the reply was long in coming. */
  boolean isLate() {
    return greeting != null && waited.compareTo(LATE) >= 0;
  }

  /** Whether the reply came at once. */
  boolean isPrompt() {
    return greeting != null && waited.compareTo(SLOW) < 0;
  }

  /** Whether a firewall has put stars in place of the banner. */
  boolean isMasked() {
    return greeting != null && MaskedReply.isBanner(greeting);
  }

  /** Whether it ended as it should. */
  boolean letsIn() {
    return end == End.CONNECTED || (end == End.GREETED && !isRefusal());
  }

  /** Whether the reply refuses. */
  boolean isRefusal() {
    return greeting != null && greeting.severity() != 2;
  }
}
