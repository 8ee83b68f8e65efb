package io.posthouse.policy;

import io.posthouse.model.IpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a probe leaves from.
 *
 * @param address one of ours; null for the kernel's choice, by its route to the member
 */
public record ProbeSource(@Nullable InetAddress address) {
  /** The kernel's choice. */
  public static final ProbeSource AUTOMAP = new ProbeSource(null);

  /** Whether a member of a family can be reached from it. */
  public boolean reaches(boolean ipv6) {
    return address == null || address instanceof Inet6Address == ipv6;
  }

  /** The address, or {@code automap}, as the file has it. */
  @Override
  public String toString() {
    return address == null ? "automap" : IpAddress.text(address);
  }
}
