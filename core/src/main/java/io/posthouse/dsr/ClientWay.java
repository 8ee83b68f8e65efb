package io.posthouse.dsr;

import io.posthouse.model.IpAddress;
import io.posthouse.policy.Prefix;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What must hold for servers' answers to reach clients, which this machine cannot see: they go past
 * it.
 */
public final class ClientWay {
  private static final Pattern GATEWAY = Pattern.compile("\\bvia (?:inet6? )?([0-9A-Fa-f.:]+)");
  private static final Pattern DEVICE = Pattern.compile("\\bdev (\\S+)");

  private ClientWay() {}

  /** For any client. */
  public static String inGeneral() {
    return "Servers answer clients by themselves. For clients in other networks the servers' gateway must be the router that"
        + " the clients' packets come by; a stateful firewall that sees one direction only drops the rest. How that looks:"
        + " a client connects, hears no greeting and times out, and the server keeps the connection in SYN-RECV.";
  }

  /**
   * For one client.
   *
   * @param networks those of the interface
   * @param route what {@code ip route get} says of its address; empty for no route
   */
  public static String of(InetAddress client, String device, List<Prefix> networks, String route) {
    String address = IpAddress.text(client);
    Matcher gateway = GATEWAY.matcher(route);
    Matcher by = DEVICE.matcher(route);
    if (route.startsWith("local ")) {
      return "%s is this machine: what it sends to a VIP never leaves it. Try from another."
          .formatted(address);
    } else if (networks.stream().anyMatch(each -> each.contains(client))) {
      return "%s is in the network of %s, as the servers are: they answer it directly, and nothing is between."
          .formatted(address, device);
    } else if (gateway.find()) {
      return "%1$s is behind the router %2$s, as this machine sees it. On each server \"ip route get %1$s\" (Windows: Find-NetRoute -RemoteIPAddress %1$s) should name %2$s as well: if it does, the same devices see both directions."
          .formatted(address, gateway.group(1));
    } else if (by.find()) {
      return "%1$s is in the network of %2$s, not in the servers'. On each server \"ip route get %1$s\" (Windows: Find-NetRoute -RemoteIPAddress %1$s) must name a router that leads there, and no stateful firewall may be on one of the two ways alone."
          .formatted(address, by.group(1));
    }
    return "This machine has no route to %s, so it cannot say by which router its packets come."
        .formatted(address);
  }
}
