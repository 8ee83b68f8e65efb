package io.posthouse.bench.compare;

import java.util.Locale;

/** What is compared, one after the other. */
public enum Scenario {
  /** Short sessions with one mail of 4 KiB each, as many as possible. */
  TCP_4K("4 KiB mails, one a session"),
  /** Mails of 20 MB, a few at a time. */
  TCP_20M("20 MB mails"),
  /** Links that have got the banner and hold still; fresh processes for each round. */
  IDLE("idle links"),
  /** From exec to the first banner through a link; fresh processes for each round. */
  START("start"),
  /** 4 KiB mails driven by Debian's smtp-source, to check the load client itself. */
  SMTP_SOURCE("4 KiB mails by smtp-source");

  private final String title;

  Scenario(String title) {
    this.title = title;
  }

  /** The heading for people. */
  public String title() {
    return title;
  }

  /** The name on the command line and in results. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
