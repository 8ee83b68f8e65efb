package io.posthouse.door;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * Writes down what one client says and hears, and its members with it, for as long as somebody
 * reads it. Secrets are masked and bodies left out. From any thread.
 */
public interface Tracing {
  /**
   * Begins to follow a client.
   *
   * @return the number of this trace; none when there are as many as may be
   */
  OptionalLong begin(InetAddress client, Duration time);

  /**
   * What came since it was read last.
   *
   * @throws BadQuestionException when there is no such trace, or none any more
   */
  Part read(long trace);

  /** Ends it; nothing when it has ended. */
  void end(long trace);

  /**
   * A piece of a trace.
   *
   * @param lost lines that there was no room for since the last piece
   * @param over whether nothing more will come
   */
  record Part(List<Line> lines, long lost, boolean over) {}

  /**
   * One line.
   *
   * @param link the client's address and port
   * @param text printable, on one line
   */
  record Line(Instant at, String link, Direction direction, String text) {}

  /** Who said it to whom. */
  enum Direction {
    FROM_CLIENT,
    TO_CLIENT,
    TO_MEMBER,
    FROM_MEMBER,
    /** Nobody: what happened. */
    NOTE
  }
}
