package io.posthouse.config;

import java.net.InetAddress;
import java.util.Optional;

/** What a check may ask of the machine that a file is for. May block for a moment. */
public interface ThisMachine {
  /** Whether connections can leave from an address: it is on an interface, or routed to us. */
  boolean owns(InetAddress address);

  /** Whether the kernel lets a socket have an address that is not here, as with VRRP. */
  boolean bindsOthers(boolean ipv6);

  /** The interface by which an address is reached; empty for none and for the loopback one. */
  Optional<String> interfaceTowards(InetAddress address);

  /** The interface that has an address in the same net as this one. */
  Optional<String> interfaceBeside(InetAddress address);

  /** Whether an address is in a network of an interface, so that no router is between. */
  boolean isBeside(String device, InetAddress address);

  /** Whether there is an interface of this name. */
  boolean hasInterface(String name);
}
