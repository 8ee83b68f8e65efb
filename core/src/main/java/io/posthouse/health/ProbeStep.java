package io.posthouse.health;

import java.util.Locale;

/** The steps of a probe, in their order; the one at which a member fails is named to people. */
public enum ProbeStep {
  RESOLVE,
  SOURCE,
  CONNECT,
  BANNER,
  HELLO,
  STARTTLS,
  TLS,
  XCLIENT,
  INSIDE_SENDER,
  INSIDE_RECIPIENT,
  RESET,
  OUTSIDE_SENDER,
  OUTSIDE_RECIPIENT,
  PROGRAM;

  /** The step's name for people: lower case, with spaces. */
  public String phrase() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
