package io.posthouse.switching;

import io.posthouse.smtp.session.Outlet.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * How one link ends, and why. For its members and its session it is over at once; its client may
 * have to be read on for a while, or be waited for until it has taken the last word, and counts as
 * long.
 */
final class LinkEnding {
  private enum Step {
    NONE,
    /** It is to be closed as soon as the event at hand ends. */
    ASKED,
    /** Over, but the client may still be sending: what it sends is read, and thrown away. */
    LINGERS,
    OVER
  }

  private final SmtpLink link;
  private final SmtpServer server;
  private final ClientConnection client;
  private final Admission admission;
  private final SessionDeadlines deadlines;
  private Step step = Step.NONE;
  private @Nullable SmtpEnd why;

  LinkEnding(
      SmtpLink link,
      SmtpServer server,
      ClientConnection client,
      Admission admission,
      SessionDeadlines deadlines) {
    this.link = link;
    this.server = server;
    this.client = client;
    this.admission = admission;
    this.deadlines = deadlines;
  }

  /** Says why it will end; the first reason counts. */
  void because(SmtpEnd reason) {
    if (why == null) {
      why = reason;
    }
  }

  /** Why it ends; null when nobody has said so. */
  @Nullable SmtpEnd why() {
    return why;
  }

  /** Whether the client hears nothing more. */
  boolean isOver() {
    return step == Step.LINGERS || step == Step.OVER;
  }

  /** Whether the client is read on although it hears nothing more. */
  boolean lingers() {
    return step == Step.LINGERS;
  }

  /** The session wants it closed when everything told to the client has been written. */
  void ask(CloseReason reason) {
    because(SmtpEnd.of(reason));
    if (step == Step.NONE) {
      step = Step.ASKED;
    }
  }

  /** The event at hand has ended: closes the client if that was asked for. */
  void settle() {
    if (step != Step.ASKED) {
      return;
    }
    boolean sends = why != null && why.lingers() && client.isOpen();
    over(sends ? Step.LINGERS : Step.OVER);
    if (sends) {
      // A close with octets unread would be a reset, which can destroy our last words.
      client.endOutputWhenTold();
      deadlines.farewell();
      client.read();
    } else if (client.isTold()) {
      client.close();
    } else {
      client.closeWhenTold();
      deadlines.farewell();
    }
  }

  /** The client is gone, or is sent away without a word. */
  void over() {
    over(Step.OVER);
  }

  private void over(Step as) {
    if (isOver()) {
      return;
    }
    step = as;
    link.letGo();
    if (client.isTold() && as == Step.OVER) {
      countOut();
    } else {
      // As long as its client does not read or close, it holds a descriptor, and counts.
      client.whenClosed(this::countOut);
    }
  }

  private void countOut() {
    deadlines.stop();
    admission.leave();
    server.closed(link, why == null ? SmtpEnd.CLIENT_RESET : why);
  }
}
