package io.posthouse.acceptance;

import java.util.List;

/** A member that keeps what it accepts, where a test can read it. */
interface Keeper extends Server {
  /** Its IPv4 address and the port where it speaks TLS from the first octet. */
  String addressInTls();

  /** All messages that it has accepted. */
  List<Mail> kept();

  /** What it logged that an administrator would look into. */
  List<String> complaints();

  /** Whether all connections to it have ended, by its log. */
  boolean isIdle();
}
