package io.posthouse.path;

import io.posthouse.path.PathFinding.Kind;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;

/** What is said of ways on which there is no connection, or a late one. */
final class ConnectWords {
  private static final String PLACES = "the host's own, one between, or this machine's";

  private final Compared ways;

  ConnectWords(Compared ways) {
    this.ways = ways;
  }

  PathFinding of(Kind kind) {
    return switch (kind) {
      case NO_WAY_BACK -> noWayBack();
      case NO_ANSWER -> noAnswer();
      case SOURCE_ELSEWHERE -> sourceElsewhere();
      case REJECTED -> rejected();
      case REFUSED -> refused();
      case UNREACHABLE -> unreachable();
      case SLOW -> slow();
      default -> throw new IllegalArgumentException(kind.name());
    };
  }

  private static String time() {
    return Attempt.CONNECT.toSeconds() + " s";
  }

  private PathFinding noWayBack() {
    String from = ways.sources();
    return ways.finding(
        Kind.NO_WAY_BACK,
        "Nothing came back to %s within %s, while connections from %s are answered. The SYN is lost, or the answer to it: the member's way back to %1$s does not lead here (its gateway; or ARP, where they share a network), or a firewall takes connections from some addresses only."
            .formatted(from, time(), ways.others(other -> other.end().isAnswer())),
        "On %s: \"ip route get %s\" (Windows: Find-NetRoute -RemoteIPAddress %2$s) must name this machine, or a router that leads to it, as the next hop. Where it names none, they share a network: \"ip neigh show %2$s\" (Windows: Get-NetNeighbor -IPAddress %2$s) must show the MAC address of this machine; another one means that two machines have the address. Firewalls, its own and those between, must let %2$s in to port %d. Here: \"tcpdump -nni any host %2$s and host %1$s and port %3$d\": only [S] means that no answer comes; [S.] as well means that it comes and this machine drops it (rp_filter, nft).%s Else take a source address (snat) in the member's own network."
            .formatted(ways.host(), ways.first().from(), ways.port(), otherInterface()));
  }

  /** Whether it is the interface that the answer comes in by. */
  private String otherInterface() {
    WalkedWay way = ways.first();
    String on = way.at().device();
    if (!way.at().up()) {
      return " %s is on %s here, which is down or has no carrier.".formatted(way.from(), on);
    }
    boolean same = on.equals(way.towards()) || on.equals("lo");
    boolean filtered = way.source() instanceof Inet4Address; // IPv6 has no rp_filter.
    return on.isEmpty() || way.towards().isEmpty() || same || !filtered
        ? ""
        : " %s is on %s here, while the way to the member leads by %s (\"ip route get %s from %1$s\" is exact): an answer that comes in by %2$s is dropped where the larger of /proc/sys/net/ipv4/conf/all/rp_filter and .../conf/%2$s/rp_filter is 1."
            .formatted(way.from(), on, way.towards(), ways.host());
  }

  private PathFinding noAnswer() {
    long tried = ways.these().stream().map(WalkedWay::from).distinct().count();
    String who =
        tried == 1
            ? "the one address that was tried"
            : "any of the %d addresses that were tried".formatted(tried);
    return ways.finding(
        Kind.NO_ANSWER,
        "Nothing came back within %s to %s. The host is down, the address is not its, a firewall drops connections (%s), the server's queue of new connections is full, or none of its answers finds the way back."
            .formatted(time(), who, PLACES),
        "Does the host run, is %s its address, and does its firewall let %s in to port %d? Try port %3$d from the host itself, then from a machine beside it (Windows: Test-NetConnection %1$s -Port %3$d)."
            .formatted(ways.host(), ways.sources(), ways.port()));
  }

  private PathFinding sourceElsewhere() {
    return ways.finding(
        Kind.SOURCE_ELSEWHERE,
        "%s is not an address of this machine, so there is no connection from it: %s. The kernel lets it be bound all the same (ip_nonlocal_bind), and no more."
            .formatted(ways.sources(), ways.said()),
        "Add it (\"ip addr add %s/LENGTH dev DEVICE\"), or take it out of snat in the file. On a standby that gets it later all is well."
            .formatted(ways.first().from()));
  }

  private PathFinding refused() {
    return ways.finding(
        Kind.REFUSED,
        "The host refuses connections to port %d at once. Nothing listens there, or a firewall rejects."
            .formatted(ways.port()),
        "Does the mail server run on %s, and does it listen on this address and not on 127.0.0.1 alone? There: \"ss -ltn sport = :%d\" (Windows: Get-NetTCPConnection -LocalPort %2$d)."
            .formatted(ways.host(), ways.port()));
  }

  private PathFinding rejected() {
    return ways.finding(
        Kind.REJECTED,
        "Connections from %s are refused at once, while those from %s are taken. Something listens, so a firewall rejects some addresses."
            .formatted(ways.sources(), ways.others(other -> other.end().isConnection())),
        "Look for rules by source address (%s), and let %s in to port %d of %s."
            .formatted(PLACES, ways.sources(), ways.port(), ways.host()));
  }

  private PathFinding unreachable() {
    String answered = ways.others(other -> other.end().isAnswer());
    return ways.finding(
        Kind.UNREACHABLE,
        "There is no way: %s. This machine has no route, a router or a firewall says so, or nobody in the member's network answers to its address (ARP).%s"
            .formatted(
                ways.said(),
                answered.isEmpty() ? "" : " Connections from %s are answered.".formatted(answered)),
        "\"ip route get %s from %s\" shows the route; with one, \"ip neigh\" shows whether the next hop answers (FAILED: it does not). If the route is right and the next hop answers, a firewall says so (firewalld answers \"no route to host\"): let %s in to port %d."
            .formatted(ways.host(), ways.first().from(), ways.sources(), ways.port()));
  }

  private PathFinding slow() {
    WalkedWay slowest =
        Collections.max(ways.these(), Comparator.comparing(each -> each.attempt().connect()));
    Duration connect = slowest.attempt().connect();
    Duration most = slowest.way().pool().connectTimeout();
    String late =
        connect.compareTo(most) < 0
            ? ""
            : " That is longer than the connect-timeout of the pool: mail does not wait for it.";
    return ways.finding(
        Kind.SLOW,
        "It took %s s to connect: the first SYN, or the answer to it, was lost, and the kernel repeated it.%s"
            .formatted(Math.round(connect.toMillis() / 100.0) / 10.0, late),
        "Ask again. When it stays: a server with no process free for new connections (on it \"ss -ltn sport = :%d\": Recv-Q as high as Send-Q), a full or broken link, a firewall short of room for connections, or two machines with one address (in the same network \"arping -c 3 -I DEVICE %s\" shows both MAC addresses)."
            .formatted(ways.port(), ways.host()));
  }
}
