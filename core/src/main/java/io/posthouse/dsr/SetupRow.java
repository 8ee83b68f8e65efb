package io.posthouse.dsr;

import io.posthouse.model.IpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * What a script knows of a server: by which address it finds that it runs there, and one VIP.
 *
 * @param server an address in the spelling of this program, or {@link #ANY}
 */
record SetupRow(String server, InetAddress vip, int port) {
  /** A server that the file has by its name: the script takes whatever machine it runs on. */
  static final String ANY = "any";

  static List<SetupRow> of(List<Behind> servers) {
    return servers.stream()
        .flatMap(each ->
            each.vips().stream()
                .map(vip ->
                    new SetupRow(
                        each.address().map(IpAddress::text).orElse(ANY), vip, each.port())))
        .distinct()
        .toList();
  }

  String vipText() {
    return IpAddress.text(vip);
  }

  boolean isIpv6() {
    return vip instanceof Inet6Address;
  }
}
