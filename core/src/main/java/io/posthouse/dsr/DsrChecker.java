package io.posthouse.dsr;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks servers of what runs. Blocking; from any thread. */
public interface DsrChecker {
  /** For each of the steps of a check: own addresses, through the VIPs, who answers for them. */
  Duration STEP = Duration.ofSeconds(60);

  /** For all of one virtual server. */
  Duration LONGEST = STEP.multipliedBy(3);

  /** What there is to check, in the order of the file. */
  List<Behind> plan();

  /**
   * Checks a virtual server, or one member of it. An unchecked exception says that there is none of
   * that name.
   *
   * @param client one whose way is looked at, too; null for none
   */
  Checked check(String server, @Nullable String member, @Nullable InetAddress client);

  /**
   * What a check has seen, and what it means.
   *
   * @param device the interface of the virtual server; empty for none
   * @param mtu of the interface; 0 for unknown
   * @param notes what must hold, and nobody here can see
   */
  record Checked(
      String device,
      int mtu,
      List<ServerSeen> servers,
      List<ClaimsSeen> claims,
      List<DsrFinding> findings,
      List<String> notes) {}
}
