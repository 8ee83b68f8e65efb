package io.posthouse.report;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What traffic is counted by.
 *
 * @param server the virtual server
 * @param clientClass the client's class, or the one that a rule chose
 * @param source the address that the member saw; null for each client's own
 */
public record TrafficKey(
    String server, String clientClass, String pool, String member, @Nullable InetAddress source) {

  /** Where everything is counted for which there is no room. */
  public static final TrafficKey OTHER =
      new TrafficKey("(other)", "(other)", "(other)", "(other)", null);
}
