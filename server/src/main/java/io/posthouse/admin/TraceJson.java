package io.posthouse.admin;

import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Tracing;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Spelled;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Traces of clients, asked for and given out. */
final class TraceJson {
  private static final long MOST_SECONDS = 3_600;

  private TraceJson() {}

  /**
   * Begins one.
   *
   * @param asked {@code client}, an address, and {@code seconds}
   */
  static Answer begun(Map<String, String> asked, Tracing tracing) {
    InetAddress client =
        IpAddress.parse(asked.getOrDefault("client", ""))
            .orElseThrow(() ->
                new BadQuestionException(
                    "which client? Write its address, such as 192.0.2.7 or 2001:db8::7"));
    long seconds = number(asked.getOrDefault("seconds", "600"));
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw new BadQuestionException("seconds are from 1 to " + MOST_SECONDS);
    }
    OptionalLong trace = tracing.begin(client, Duration.ofSeconds(seconds));
    return trace.isPresent()
        ? Answer.json(200, object().put("trace", trace.getAsLong()))
        : Answer.error(
                429,
                "as many traces run already as may; end one, or wait for its end, and try again")
            .with("Retry-After", "30");
  }

  /** What came since. */
  static Answer read(String trace, Tracing tracing) {
    Tracing.Part part = tracing.read(number(trace));
    ObjectNode json = object();
    json.put("over", part.over()).put("lost", part.lost());
    ArrayNode lines = json.putArray("lines");
    for (Tracing.Line each : part.lines()) {
      lines
          .addObject()
          .put("at", each.at().toString())
          .put("client", each.link())
          .put("direction", Spelled.of(each.direction()))
          .put("text", each.text());
    }
    return Answer.json(200, json);
  }

  /** Ends one. */
  static Answer ended(String trace, Tracing tracing) {
    tracing.end(number(trace));
    return Answer.json(200, object());
  }

  private static long number(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw new BadQuestionException("write a number, from 1");
    }
    return Long.parseLong(text);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
