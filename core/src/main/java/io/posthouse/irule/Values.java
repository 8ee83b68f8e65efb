package io.posthouse.irule;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What variables of a rule are set to, anywhere in it. */
final class Values implements Look {
  private final Map<String, Set<String>> texts = new HashMap<>();
  private final Set<String> computed = new HashSet<>();
  private final Set<String> payloads = new HashSet<>();

  @Override
  public void command(TclCommand command) {
    String name = command.argument(1);
    if (name == null || command.words().size() < 3) {
      return;
    }
    TclWord value = command.words().get(2);
    String text = value.literal();
    if (command.is("set") && text != null) {
      texts.computeIfAbsent(plain(name), key -> new LinkedHashSet<>()).add(text);
    } else {
      // Whatever writes a variable names it first: append, lappend, incr, scan, regexp.
      computed.add(plain(name));
      TclCommand source = value.command();
      if (source != null && source.is("TCP::payload")) {
        payloads.add(plain(name));
      }
    }
  }

  /** All that a variable can be; null when some of it is known at run time only. */
  @Nullable Set<String> of(String variable) {
    return computed.contains(plain(variable)) ? null : texts.get(plain(variable));
  }

  /** Whether it holds what the client sent. */
  boolean isPayload(String variable) {
    return payloads.contains(plain(variable));
  }

  private static String plain(String name) {
    return name.startsWith("::") ? name.substring(2) : name;
  }
}
