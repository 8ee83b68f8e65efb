package io.posthouse.app;

import io.posthouse.model.Configuration;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine says of itself. */
final class Machine {
  private Machine() {}

  /** Our own name towards members: the file's, else the machine's fully qualified one. */
  static String hostname(Configuration configuration) {
    String own = configuration.hostname();
    if (own != null) {
      return own;
    }
    try {
      String name = InetAddress.getLocalHost().getCanonicalHostName();
      return name.isEmpty() ? "localhost" : name;
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }
}
