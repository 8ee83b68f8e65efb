package io.posthouse.path;

import io.posthouse.audit.MemberWay;
import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A way to a member that was tried.
 *
 * @param source the address that it leaves from; null where the kernel has no choice
 * @param at where that address is
 * @param towards the interface that the way leads by; empty where nobody knows
 */
public record WalkedWay(
    MemberWay way, @Nullable InetAddress source, Whereabouts at, String towards, Attempt attempt) {

  /** The address that it leaves from, as people write it. */
  public String from() {
    return source == null ? way.from().toString() : IpAddress.text(source);
  }

  /** The member, and where it is reached. */
  String target() {
    return way.path() + " at " + way.address();
  }
}
