package io.posthouse.ledger;

import io.posthouse.door.Event;
import io.posthouse.model.Log;
import io.posthouse.model.Spelled;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Turns an event into one line, without the line end. */
final class LineFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private LineFormat() {}

  static String of(Log.Format format, Line line) {
    return switch (format) {
      case TEXT -> text(line.at(), line.event());
      case JSON -> json(line.at(), line.event());
    };
  }

  private static String text(Instant at, Event event) {
    StringBuilder out = new StringBuilder(160);
    out.append(TIME.format(at)).append(' ');
    String level = Spelled.of(event.kind().level());
    out.append(level).append(" ".repeat(6 - level.length())).append(event.kind().text());
    List<Object> fields = event.fields();
    for (int i = 0; i < fields.size(); i += 2) {
      out.append(' ').append(fields.get(i)).append('=');
      String value = String.valueOf(fields.get(i + 1));
      if (Escape.isPlain(value)) {
        out.append(value);
      } else {
        Escape.quoted(out, value);
      }
    }
    return out.toString();
  }

  private static String json(Instant at, Event event) {
    StringBuilder out = new StringBuilder(200);
    out.append("{\"time\":\"").append(TIME.format(at));
    out.append("\",\"level\":\"").append(Spelled.of(event.kind().level()));
    out.append("\",\"event\":\"").append(Spelled.of(event.kind()));
    out.append("\",\"message\":");
    Escape.quoted(out, event.kind().text());
    List<Object> fields = event.fields();
    for (int i = 0; i < fields.size(); i += 2) {
      out.append(',');
      Escape.quoted(out, String.valueOf(fields.get(i)));
      out.append(':');
      value(out, fields.get(i + 1));
    }
    return out.append('}').toString();
  }

  private static void value(StringBuilder out, Object value) {
    boolean number =
        switch (value) {
          case Double d -> Double.isFinite(d);
          case Float f -> Float.isFinite(f);
          case Number _, Boolean _ -> true;
          default -> false;
        };
    if (number) {
      out.append(value);
    } else {
      Escape.quoted(out, String.valueOf(value));
    }
  }
}
