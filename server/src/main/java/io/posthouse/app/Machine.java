package io.posthouse.app;

import io.posthouse.model.Configuration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What this machine says of itself. */
final class Machine {
  /** Asked once: DNS may be slow, and a machine does not change its name while it runs. */
  private static final AtomicReference<@Nullable String> NAME = new AtomicReference<>();

  private Machine() {}

  /** Our own name towards members: the file's, else the machine's own in full. May block. */
  static String hostname(Configuration configuration) {
    String own = configuration.hostname();
    if (own != null) {
      return own;
    }
    String known = NAME.get();
    if (known == null) {
      known = lookUp();
      NAME.set(known);
    }
    return known;
  }

  private static String lookUp() {
    try {
      String name = InetAddress.getLocalHost().getCanonicalHostName();
      return name.isEmpty() ? "localhost" : name;
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }
}
