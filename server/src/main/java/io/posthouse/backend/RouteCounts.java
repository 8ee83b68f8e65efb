package io.posthouse.backend;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the clients of one class did on one virtual server; from any loop. */
public final class RouteCounts {
  private final Instant since;
  private final LongAdder open = new LongAdder();
  private final LongAdder links = new LongAdder();
  private final LongAdder refusedLinks = new LongAdder();
  private final LongAdder messages = new LongAdder();
  private final LongAdder refusedMessages = new LongAdder();
  private final LongAdder refusedRecipients = new LongAdder();

  /**
   * Nothing counted yet.
   *
   * @param since since when it is counted
   */
  public RouteCounts(Instant since) {
    this.since = since;
  }

  /** Since when it is counted. */
  public Instant since() {
    return since;
  }

  /** A link begins. */
  public void opened() {
    open.increment();
    links.increment();
  }

  /** A link that began ends. */
  public void closed() {
    open.decrement();
  }

  /** A link was over a limit. */
  public void refusedLink() {
    refusedLinks.increment();
  }

  /** A message begins. */
  public void message() {
    messages.increment();
  }

  /** A message was over a limit, or came without the TLS or AUTH that the class asks for. */
  public void refusedMessage() {
    refusedMessages.increment();
  }

  /** The relay guard refused a recipient. */
  public void refusedRecipient() {
    refusedRecipients.increment();
  }

  /** Links open now. */
  public long open() {
    return open.sum();
  }

  /** Links so far. */
  public long links() {
    return links.sum();
  }

  /** Links that were over a limit. */
  public long refusedLinks() {
    return refusedLinks.sum();
  }

  /** Messages so far. */
  public long messages() {
    return messages.sum();
  }

  /** Messages that were refused for their class. */
  public long refusedMessages() {
    return refusedMessages.sum();
  }

  /** Recipients that the relay guard refused. */
  public long refusedRecipients() {
    return refusedRecipients.sum();
  }
}
