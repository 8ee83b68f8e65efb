package io.posthouse.app;

import io.posthouse.model.Configuration;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Our own name, as clients are greeted with it. */
final class Hostname {
  private static final String FOUND = find();

  private Hostname() {}

  /** The configuration's, else this machine's. */
  static String own(Configuration configuration) {
    return FOUND;
  }

  /** Whether a name was found that others could look up: one with a dot. */
  static boolean isQualified(String name) {
    return name.indexOf('.') > 0;
  }

  private static String find() {
    try {
      return InetAddress.getLocalHost().getCanonicalHostName();
    } catch (UnknownHostException none) {
      return "localhost";
    }
  }
}
