package io.posthouse.switching;

import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Ticker;
import io.posthouse.door.Tracing;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The traces that are wanted now. A link asks at each line whether somebody follows its client: as
 * long as nobody follows anybody, that is one read of a volatile field. Two may follow one client.
 *
 * <p>A trace that nobody reads ends by itself, and what there is no room for is counted and lost:
 * mail never waits for a reader.
 */
public final class ClientTraces implements Tracing {
  private static final int MOST_AT_ONCE = 8;
  private static final int MOST_LINES = 10_000;
  private static final long UNREAD_NANOS = Duration.ofSeconds(30).toNanos();

  private final Ticker ticker;
  private final InstantSource clock;
  private long last;
  private volatile List<Trace> traces = List.of();

  /** No traces yet. */
  public ClientTraces(Ticker ticker, InstantSource clock) {
    this.ticker = ticker;
    this.clock = clock;
  }

  /** One trace: any loop writes, one reader at a time reads. */
  private final class Trace {
    private final long number;
    private final InetAddress client;
    private final long endNanos;
    private final ConcurrentLinkedQueue<Line> lines = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();
    private volatile long readNanos;

    private Trace(long number, InetAddress client, long endNanos) {
      this.number = number;
      this.client = client;
      this.endNanos = endNanos;
      this.readNanos = ticker.nanos();
    }

    private boolean isOf(InetAddress asked) {
      return client.equals(asked) && !isOver(ticker.nanos());
    }

    private void add(String link, Direction direction, String text) {
      if (waiting.incrementAndGet() > MOST_LINES) {
        waiting.decrementAndGet();
        lost.incrementAndGet();
      } else {
        lines.add(new Line(clock.instant(), link, direction, text));
      }
    }

    private boolean isOver(long nanos) {
      return nanos - endNanos >= 0 || nanos - readNanos >= UNREAD_NANOS;
    }

    private Part read(long nanos) {
      readNanos = nanos;
      boolean over = nanos - endNanos >= 0;
      List<Line> taken = new ArrayList<>();
      for (Line line = lines.poll(); line != null; line = lines.poll()) {
        waiting.decrementAndGet();
        taken.add(line);
      }
      return new Part(taken, lost.getAndSet(0), over);
    }
  }

  /** Whether anybody follows a client. */
  boolean isFollowed(InetAddress client) {
    for (Trace each : traces) {
      if (each.isOf(client)) {
        return true;
      }
    }
    return false;
  }

  /** A line for everybody who follows a client. */
  void add(InetAddress client, String link, Direction direction, String text) {
    for (Trace each : traces) {
      if (each.isOf(client)) {
        each.add(link, direction, text);
      }
    }
  }

  @Override
  public synchronized OptionalLong begin(InetAddress client, Duration time) {
    long now = ticker.nanos();
    List<Trace> going = new ArrayList<>(traces);
    going.removeIf(each -> each.isOver(now));
    if (going.size() >= MOST_AT_ONCE) {
      return OptionalLong.empty();
    }
    last++;
    going.add(new Trace(last, client, now + time.toNanos()));
    traces = List.copyOf(going);
    return OptionalLong.of(last);
  }

  @Override
  public synchronized Part read(long trace) {
    for (Trace each : traces) {
      if (each.number == trace) {
        Part part = each.read(ticker.nanos());
        if (part.over()) {
          end(trace);
        }
        return part;
      }
    }
    throw new BadQuestionException("there is no trace " + trace + "; it may have ended, unread");
  }

  @Override
  public synchronized void end(long trace) {
    traces = traces.stream().filter(each -> each.number != trace).toList();
  }
}
