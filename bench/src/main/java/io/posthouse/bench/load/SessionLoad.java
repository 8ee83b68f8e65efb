package io.posthouse.bench.load;

/**
 * How many good sessions there are. The loop is closed: a session that ends makes room for the
 * next.
 *
 * @param concurrent sessions at a time; 0: none
 * @param limit sessions in all; 0: no limit
 * @param messagesPerLink messages that a session sends before QUIT
 * @param perSecond most sessions started in a second; 0: as fast as they come
 */
public record SessionLoad(int concurrent, long limit, int messagesPerLink, double perSecond) {

  /** As many as possible with this many at a time, one message each. */
  public static SessionLoad of(int concurrent) {
    return new SessionLoad(concurrent, 0, 1, 0);
  }

  /** Refuses negative numbers and links without a message. */
  public SessionLoad {
    if (concurrent < 0 || limit < 0 || messagesPerLink < 1 || !(perSecond >= 0)) {
      throw new IllegalArgumentException(
          "sessions, limit and rate are 0 or more, messages a link 1 or more");
    }
  }

  /** The same with a limit of sessions in all. */
  public SessionLoad withLimit(long newLimit) {
    return new SessionLoad(concurrent, newLimit, messagesPerLink, perSecond);
  }

  /** The same with another number of messages in each session. */
  public SessionLoad withMessagesPerLink(int messages) {
    return new SessionLoad(concurrent, limit, messages, perSecond);
  }
}
