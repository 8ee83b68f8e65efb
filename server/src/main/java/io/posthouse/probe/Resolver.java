package io.posthouse.probe;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the address of a member that is named by its host name; may block. */
@FunctionalInterface
public interface Resolver {
  /**
   * The address to connect to.
   *
   * @throws UnknownHostException when no answer is known, not even an old one
   */
  InetAddress resolve(String host) throws UnknownHostException;
}
