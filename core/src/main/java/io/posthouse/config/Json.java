package io.posthouse.config;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** Prints maps, collections, text, numbers and truth values as indented JSON (RFC 8259). */
final class Json {
  private final StringBuilder out = new StringBuilder();

  private Json() {}

  static String print(Object value) {
    Json json = new Json();
    json.value(value, 0);
    return json.out.append('\n').toString();
  }

  private void value(Object value, int indent) {
    switch (value) {
      case Map<?, ?> map -> object(map, indent);
      case Collection<?> items -> array(items, indent);
      case String text -> text(text);
      case Number number -> out.append(number);
      case Boolean truth -> out.append(truth);
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private void object(Map<?, ?> map, int indent) {
    out.append('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      line(indent + 1);
      text((String) entry.getKey());
      out.append(": ");
      value(entry.getValue(), indent + 1);
      out.append(entries.hasNext() ? "," : "");
    }
    end(map.isEmpty(), indent, '}');
  }

  private void array(Collection<?> items, int indent) {
    out.append('[');
    Iterator<?> iterator = items.iterator();
    while (iterator.hasNext()) {
      line(indent + 1);
      value(iterator.next(), indent + 1);
      out.append(iterator.hasNext() ? "," : "");
    }
    end(items.isEmpty(), indent, ']');
  }

  private void end(boolean empty, int indent, char close) {
    if (!empty) {
      line(indent);
    }
    out.append(close);
  }

  private void line(int indent) {
    out.append('\n').append("  ".repeat(indent));
  }

  private void text(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
