package io.posthouse.ledger;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.model.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The log: takes events from every thread and writes them on one of its own.
 *
 * <p>Three things keep it from hurting mail. The queue is bounded: an event that finds it full is
 * dropped and counted. Kinds that peers can cause at will are limited per second ({@code Torrent}).
 * And a disk that is full costs the lines of that time, one plain message a minute on standard
 * error, and nothing else; writing is tried again with every batch.
 */
public final class EventLog implements EventSink, AutoCloseable {
  private static final int QUEUE = 16_384;
  private static final int BATCH = 512;
  private static final long COMPLAIN_SECONDS = 60;

  private final BlockingQueue<Line> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Torrent torrent = new Torrent();
  private final LongAdder dropped = new LongAdder();
  private final InstantSource clock;
  private final OutputStream standardError;
  private final Thread writer;
  private volatile Settings settings;
  private volatile boolean reopen;
  private volatile boolean closing;

  // The writer's own.
  private long toldDropped;
  private Instant nextComplaint = Instant.MIN;

  private record Settings(Log.Format format, Log.Level level, LogTarget target) {}

  private EventLog(InstantSource clock, OutputStream standardError) {
    this.clock = clock;
    this.standardError = standardError;
    this.settings =
        new Settings(Log.Format.TEXT, Log.Level.INFO, new LogTarget(null, standardError));
    this.writer = Thread.ofPlatform().name("posthouse-log").daemon().unstarted(this::write);
  }

  /** Begins with text lines of level info on standard error, until it is configured. */
  public static EventLog start(InstantSource clock, OutputStream standardError) {
    EventLog log = new EventLog(clock, standardError);
    log.writer.start();
    return log;
  }

  /**
   * Takes on the settings of the configuration; also after a reload. A file that cannot be opened
   * is told on standard error and tried again with every batch.
   *
   * @param file where lines go; standard error when absent
   */
  public void configure(Log log, @Nullable Path file) {
    Settings old = settings;
    boolean sameFile = java.util.Objects.equals(old.target().file(), file);
    LogTarget target = sameFile ? old.target() : new LogTarget(file, standardError);
    settings = new Settings(log.format(), log.level(), target);
  }

  /** Opens the file by its name again, after it was rotated; returns at once. */
  public void reopen() {
    reopen = true;
  }

  /** How many events were lost since the start, to a full queue or a full disk. */
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public void emit(Event event) {
    EventKind kind = event.kind();
    if (kind.level().compareTo(settings.level()) < 0) {
      return;
    }
    Instant now = clock.instant();
    if (torrent.passes(kind, now.getEpochSecond()) && !queue.offer(new Line(now, event))) {
      dropped.increment();
    }
  }

  /** Writes what is queued, for at most five seconds, and ends. */
  @Override
  public void close() {
    closing = true;
    try {
      writer.join(java.time.Duration.ofSeconds(5));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    List<Line> batch = new ArrayList<>(BATCH);
    LogTarget current = settings.target();
    boolean more = true;
    while (more) {
      more = !closing || !queue.isEmpty();
      fill(batch);
      Settings now = settings;
      if (reopen || now.target() != current) {
        reopen = false;
        current.close();
        current = now.target();
      }
      addNotices(batch);
      if (!batch.isEmpty()) {
        write(now, batch);
        batch.clear();
      }
    }
    current.close();
  }

  /** Waits a little for the first event and takes whatever else is there. */
  private void fill(List<Line> batch) {
    try {
      Line first = queue.poll(200, TimeUnit.MILLISECONDS);
      if (first != null) {
        batch.add(first);
        queue.drainTo(batch, BATCH - 1);
      }
    } catch (InterruptedException notByUs) {
      closing = true;
    }
  }

  /** What was held back or lost, once there is room again. */
  private void addNotices(List<Line> batch) {
    Instant now = clock.instant();
    for (EventKind kind : torrent.limited()) {
      long suppressed = torrent.suppressed(kind, closing ? -1 : now.getEpochSecond());
      if (suppressed > 0) {
        batch.add(new Line(now, Event.of(kind, "suppressed", suppressed)));
      }
    }
    long lost = dropped.sum();
    if (lost > toldDropped && queue.size() < QUEUE / 2) {
      batch.add(new Line(now, Event.of(EventKind.EVENTS_DROPPED, "count", lost - toldDropped)));
      toldDropped = lost;
    }
  }

  private void write(Settings now, List<Line> batch) {
    StringBuilder text = new StringBuilder();
    for (Line line : batch) {
      text.append(LineFormat.of(now.format(), line)).append('\n');
    }
    try {
      now.target().write(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      now.target().close();
      for (Line line : batch) {
        lost(line.event());
      }
      complain(now.target().file(), failure);
    }
  }

  /** A notice of losses that is itself lost is told again later, with its own number. */
  private void lost(Event event) {
    if (event.kind() == EventKind.EVENTS_DROPPED) {
      toldDropped -= (Long) event.fields().get(1);
    } else {
      dropped.increment();
    }
  }

  /** Says on standard error, once a minute, why there is no log. */
  private void complain(@Nullable Path file, IOException failure) {
    Instant now = clock.instant();
    if (file == null || now.isBefore(nextComplaint)) {
      return;
    }
    nextComplaint = now.plusSeconds(COMPLAIN_SECONDS);
    String message =
        "posthouse: cannot write the log %s: %s. Free space or correct the path (log.file); mail goes on, %d events are lost so far%n"
            .formatted(file, Cause.of(failure), dropped.sum());
    try {
      standardError.write(message.getBytes(StandardCharsets.UTF_8));
      standardError.flush();
    } catch (IOException nobodyListens) {
      // Standard error is the last resort; the count of dropped events stays in the metrics.
      nextComplaint = now;
    }
  }
}
