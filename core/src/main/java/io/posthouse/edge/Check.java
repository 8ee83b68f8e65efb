package io.posthouse.edge;

import java.util.Locale;

/** The checks; each word, with dashes, is its key in the file and its name in logs and metrics. */
public enum Check {
  EARLY_TALKERS,
  DNS_LISTS,
  REVERSE_DNS,
  HELLO,
  LIMITS;

  /** Its name for people. */
  public String phrase() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
