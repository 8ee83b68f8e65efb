package io.posthouse.ledger;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Turns warnings of libraries into events: Netty, Helidon and the JDK log through
 * java.util.logging, and no other logging framework is on board.
 */
public final class JulBridge extends Handler {
  private final EventSink events;
  private final Formatter formatter = new SimpleFormatter();

  JulBridge(EventSink events) {
    this.events = events;
    setLevel(Level.WARNING);
  }

  /** Takes the place of every handler there is; call it before a library logs. */
  public static void install(EventSink events) {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(new JulBridge(events));
  }

  @Override
  public void publish(@Nullable LogRecord message) {
    if (message == null || !isLoggable(message)) {
      return;
    }
    Event event =
        Event.of(
            EventKind.LIBRARY,
            "logger",
            String.valueOf(message.getLoggerName()),
            "text",
            String.valueOf(formatter.formatMessage(message)));
    Throwable thrown = message.getThrown();
    events.emit(thrown == null ? event : event.with("error", thrown.toString()));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
