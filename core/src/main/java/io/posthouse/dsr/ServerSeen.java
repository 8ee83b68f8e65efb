package io.posthouse.dsr;

import io.posthouse.path.Attempt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a server.
 *
 * @param beside whether its address is in a network of the interface
 * @param mac as the kernel's table of neighbours has it; null for unknown
 * @param own the try at its own address
 * @param vips those through the VIPs; none where that would say nothing
 */
public record ServerSeen(
    Behind server, boolean beside, @Nullable String mac, Attempt own, List<VipSeen> vips) {
  /** Copies the tries. */
  public ServerSeen {
    vips = List.copyOf(vips);
  }

  /** The same after tries through the VIPs. */
  public ServerSeen through(List<VipSeen> tries) {
    return new ServerSeen(server, beside, mac, own, tries);
  }
}
