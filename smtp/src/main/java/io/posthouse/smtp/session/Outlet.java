package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Link} asks of the world. Every effect is one call, so that nothing is allocated for
 * it and a test can write all of them down.
 *
 * <p>Replies and commands may be buffered until the event that caused them has been dealt with.
 */
public interface Outlet {

  /** Sends a reply to the client. */
  void toClient(Reply reply);

  /** Sends a command to the member whose connection the link has. */
  void toServer(Command command);

  /**
   * Looks for a connection; {@link Link#acquired} or {@link Link#unavailable} answers, maybe at
   * once.
   */
  void acquire(Acquisition how, Errand errand);

  /** Gives the connection back, or ends the search for one. */
  void release(Disposition how);

  /**
   * Sends octets of the body once more, out of the replay buffer, to the connection at hand.
   *
   * @param from the first octet, counted from the body's start
   * @param count how many; all of them are in the buffer
   */
  void replay(long from, long count);

  /**
   * Whether more of the client's octets have already arrived behind the command it was told last.
   */
  boolean inputBehind();

  /** Whether there is memory for one more recipient of the open transaction. */
  default boolean keeps(Command.Rcpt recipient) {
    return true;
  }

  /**
   * Passes on what the client answers to a challenge of AUTH (RFC 4954 section 4), without its line
   * end. It may be a password: nobody may keep or show it.
   */
  void respond(String answer);

  /**
   * Starts TLS towards the client behind all replies so far; {@link Link#clientSecured} or {@link
   * Link#clientNotSecured} answers.
   */
  void secureClient();

  /**
   * Starts TLS towards the member at hand; {@link Link#serverSecured} or {@link
   * Link#serverNotSecured} answers. Octets that the member has sent behind its 220 are malformed.
   */
  void secureServer();

  /** Whether the member that the client is logged in at may be given another message. */
  boolean keepsLogin();

  /** What the member at hand is told of its client by XCLIENT; null for nothing. */
  default Command.@Nullable XClient told() {
    return null;
  }

  /** Octets of the header that stands in front of the open message; 0 for none. */
  default int traceOctets() {
    return 0;
  }

  /** Sends that header to the member at hand. */
  default void trace() {}

  /** What to offer to a client that says EHLO now. */
  EhloKeywords offer();

  /**
   * Whether the reply says that its member is under pressure. Asked once for each reply to MAIL,
   * RCPT, a chunk and the end of data, and for each refusal at another step.
   */
  boolean isPressure(Phase step, Reply reply);

  /** Closes the client's connection when everything told to it has been written. */
  void close(CloseReason why);

  /** Tells what happened, for the log, the counters and the members' health. */
  void emit(SessionEvent event);

  /** Which member is wanted. */
  enum Acquisition {
    /** The one whose turn it is. */
    FIRST,
    /** One that was not tried for this message yet. */
    ANOTHER,
    /** The same over a new connection, since the warm one was dead already. */
    SAME_FRESH,
    /** None: it goes over the connection at hand, where its client is logged in. */
    PINNED
  }

  /** What becomes of a member connection. */
  enum Disposition {
    /** It stands after a final reply and may carry the next message. */
    KEEP,
    /** It may carry another message after RSET. */
    RESET,
    /** It is of no further use. */
    CLOSE
  }

  /** Why a client's connection is closed. */
  enum CloseReason {
    QUIT,
    CLIENT_ENDED,
    CLIENT_LOST,
    CLIENT_TIMEOUT,
    TOO_MANY_ERRORS,
    NOT_SMTP,
    NO_TLS,
    PLAIN_BEHIND_STARTTLS,
    OUT_OF_STEP,
    BARE_LINE_END,
    LINE_TOO_LONG,
    UNAVAILABLE,
    SHUTDOWN,
    REFUSED
  }
}
