package io.posthouse.dsr;

import io.posthouse.model.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * The rules of {@code nft} by which a plain socket reaches a server through the VIP.
 *
 * <p>Our kernel connects to the server's own address, and so finds its MAC. On the way out, when
 * that stands in the frame, the rules put the VIP in place of the address; on the way in they put
 * the address back, if the VIP was the source, and drop what has another. What came is noted with
 * its MAC and source, and so is our own packet when it comes back.
 *
 * <p>All of it is about the ports of the check alone, and for two minutes: if nobody can remove the
 * rules they do nothing any more after that.
 */
public final class CheckTable {
  private static final String LIVES = "flags timeout; timeout 2m;";
  private static final String NOTED = "size 4096; flags dynamic;";

  private final String name;

  private CheckTable(String name) {
    this.name = name;
  }

  /** That of the Posthouse with this state directory: the same after a restart. */
  public static CheckTable of(String stateDirectory) {
    CRC32 sum = new CRC32();
    sum.update(stateDirectory.getBytes(StandardCharsets.UTF_8));
    return new CheckTable("posthouse_dsr_check_%08x".formatted(sum.getValue()));
  }

  /** Its name; the family is netdev. */
  public String name() {
    return name;
  }

  /** Makes it for these connections, in place of one that is there. */
  public String install(String device, List<CheckRow> rows) {
    return "add table netdev %1$s\ndelete table netdev %1$s\n".formatted(name)
        + "table netdev %s {\n".formatted(name)
        + sets(rows, false)
        + sets(rows, true)
        + "  chain out { type filter hook egress device \"%s\" priority 0; policy accept;\n"
            .formatted(device)
        + out("ip", 4)
        + out("ip6", 6)
        + "  }\n"
        + "  chain in { type filter hook ingress device \"%s\" priority -10; policy accept;\n"
            .formatted(device)
        + in("ip", 4)
        + in("ip6", 6)
        + "  }\n}\n";
  }

  /** Removes it. */
  public String remove() {
    return "delete table netdev %s\n".formatted(name);
  }

  /** The words for {@code nft} that list it. */
  public List<String> list() {
    return List.of("-nn", "list", "table", "netdev", name);
  }

  private static String sets(List<CheckRow> all, boolean ipv6) {
    List<CheckRow> rows = all.stream().filter(row -> row.isIpv6() == ipv6).toList();
    String address = ipv6 ? "ipv6_addr" : "ipv4_addr";
    int family = ipv6 ? 6 : 4;
    return """
      set live%1$d { type %2$s . inet_service; %3$s%5$s
      }
      map vip%1$d { type %2$s . inet_service : %2$s; %3$s%6$s
      }
      map member%1$d { type %2$s . inet_service : %2$s; %3$s%7$s
      }
      set right%1$d { type %2$s . %2$s . inet_service; %3$s%8$s
      }
      set left%1$d { type inet_service; %4$s
      }
      set back%1$d { type inet_service; %4$s
      }
      set answer%1$d { type inet_service . ether_addr . %2$s; %4$s
      }
    """
        .formatted(
            family,
            address,
            LIVES,
            NOTED,
            elements(rows, CheckTable::end),
            elements(rows, row -> end(row) + " : " + IpAddress.text(row.vip())),
            elements(rows, row -> end(row) + " : " + IpAddress.text(row.member())),
            elements(rows, row -> IpAddress.text(row.vip()) + " . " + end(row)));
  }

  private static String elements(List<CheckRow> rows, Function<CheckRow, String> element) {
    return rows.isEmpty()
        ? ""
        : rows.stream().map(element).collect(Collectors.joining(", ", " elements = { ", " }"));
  }

  private static String end(CheckRow row) {
    return IpAddress.text(row.own()) + " . " + row.port();
  }

  private static String out(String ip, int family) {
    return """
        %1$s saddr . tcp sport @live%2$d add @left%2$d { tcp sport }
        %1$s daddr set %1$s saddr . tcp sport map @vip%2$d
    """
        .formatted(ip, family);
  }

  private static String in(String ip, int family) {
    return """
        %1$s saddr . tcp sport @live%2$d add @back%2$d { tcp sport } drop
        %1$s daddr . tcp dport @live%2$d add @answer%2$d { tcp dport . ether saddr . %1$s saddr }
        %1$s daddr . tcp dport @live%2$d %1$s saddr . %1$s daddr . tcp dport != @right%2$d drop
        %1$s saddr set %1$s daddr . tcp dport map @member%2$d
    """
        .formatted(ip, family);
  }
}
