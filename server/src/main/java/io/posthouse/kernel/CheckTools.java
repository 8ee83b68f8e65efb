package io.posthouse.kernel;

import io.posthouse.dsr.CheckRow;
import io.posthouse.dsr.CheckSeen;
import io.posthouse.dsr.CheckTable;
import io.posthouse.dsr.ClaimsSeen;
import io.posthouse.dsr.LinkLayer;
import io.posthouse.model.IpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a check of servers of mode dsr needs of the kernel and of programs. One at a time. */
public final class CheckTools {
  private final CheckTable table;

  /**
   * For one Posthouse.
   *
   * @param stateDirectory what tells it from others on the machine
   */
  public CheckTools(Path stateDirectory) {
    this.table = CheckTable.of(stateDirectory.toString());
  }

  /** Removes the rules of a check that was killed; what cannot be removed does nothing for long. */
  public void sweep() {
    try {
      if (Tool.NFT.found().isPresent()) {
        Tool.NFT.attempt(List.of(table.remove()));
      }
    } catch (KernelException notThere) {
      // Its elements have two minutes to live.
    }
  }

  /** Does something while these rules are there, and says what they have noted. */
  public CheckSeen during(String device, List<CheckRow> rows, Runnable something)
      throws KernelException {
    if (rows.isEmpty()) {
      something.run();
      return CheckSeen.NOTHING;
    }
    if (device.indexOf('"') >= 0) {
      throw new KernelException("rules of nft cannot name the device " + device);
    }
    Tool.NFT.run(List.of(table.install(device, rows)));
    try {
      something.run();
      return CheckSeen.of(Tool.NFT.run(table.list()));
    } finally {
      sweep();
    }
  }

  /** The neighbours on an interface that the kernel knows. */
  public Map<InetAddress, String> neighbours(String device) throws KernelException {
    return LinkLayer.neighbours(Tool.IP.run(List.of("neigh", "show", "dev", device)));
  }

  /** How the kernel would route to an address; empty for not at all. */
  public String route(InetAddress client) throws KernelException {
    Tool.Ended route = Tool.IP.attempt(List.of("route", "get", IpAddress.text(client)));
    return route.good() ? route.said() : "";
  }

  /**
   * Asks on the network who has a VIP. Our own kernel does not hear our own question, so whoever
   * answers is another.
   *
   * @param own an address of ours to ask from, of the VIP's family
   * @param here whether this machine has the VIP
   */
  public ClaimsSeen claims(String device, InetAddress own, InetAddress vip, boolean here) {
    boolean ipv6 = vip instanceof Inet6Address;
    Tool tool = ipv6 ? Tool.NDISC6 : Tool.ARPING;
    String address = IpAddress.text(vip);
    if (tool.found().isEmpty()) {
      return unasked(
          vip,
          here,
          ipv6
              ? "there is no program ndisc6 here (package ndisc6)"
              : "there is no program arping here (package iputils-arping)");
    }
    List<String> words =
        ipv6
            ? List.of("-m", "-r", "2", "-w", "1000", address, device)
            : List.of("-b", "-I", device, "-s", IpAddress.text(own), "-c", "2", "-w", "2", address);
    try {
      Tool.Ended ended = tool.attempt(words);
      Set<String> macs = LinkLayer.claims(ended.said());
      boolean asked = !macs.isEmpty() || nobody(ended, ipv6);
      return asked
          ? new ClaimsSeen(vip, here, macs, null)
          : unasked(
              vip,
              here,
              reason(tool, String.valueOf(tool.failure(words, ended).getMessage()), ended.said()));
    } catch (KernelException e) {
      String message = String.valueOf(e.getMessage());
      return unasked(vip, here, reason(tool, message, message));
    }
  }

  private static String reason(Tool tool, String message, String said) {
    return said.contains("not permitted")
        ? tool.name().toLowerCase(Locale.ROOT) + " needs the right CAP_NET_RAW"
        : message;
  }

  /** Whether silence was heard; else the program did not ask, or is another of that name. */
  private static boolean nobody(Tool.Ended ended, boolean ipv6) {
    return ipv6
        ? ended.exitCode() == 2
        : ended.exitCode() <= 1 && ended.said().contains("Received 0 response");
  }

  private static ClaimsSeen unasked(InetAddress vip, boolean here, String why) {
    return new ClaimsSeen(vip, here, Set.of(), why);
  }
}
