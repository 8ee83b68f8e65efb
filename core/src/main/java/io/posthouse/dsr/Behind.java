package io.posthouse.dsr;

import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A server behind a virtual server of mode dsr: it answers clients itself, from the VIP. */
public record Behind(VirtualServer server, Pool pool, Member member) {

  /** Every one, in the order of the file. */
  public static List<Behind> all(Configuration configuration) {
    List<Behind> all = new ArrayList<>();
    for (VirtualServer server : configuration.virtualServers().values()) {
      if (server.mode() == Mode.DSR) {
        configuration.poolsOf(server).stream()
            .map(configuration.pools()::get)
            .filter(Objects::nonNull)
            .forEach(pool ->
                pool.members().values().forEach(each -> all.add(new Behind(server, pool, each))));
      }
    }
    return all;
  }

  /** Those that a word names: {@code VIRTUAL-SERVER} or {@code VIRTUAL-SERVER/MEMBER}. */
  public static List<Behind> named(List<Behind> all, String word) {
    return all.stream()
        .filter(each -> each.server.name().equals(word) || each.path().equals(word))
        .toList();
  }

  /** Virtual server and member. */
  public String path() {
    return server.name() + "/" + member.name();
  }

  /** Its own address; empty where the file has a name. */
  public Optional<InetAddress> address() {
    return IpAddress.parse(member.address().host());
  }

  /** The addresses that it must answer from. */
  public List<InetAddress> vips() {
    return server.listen().stream()
        .map(Endpoint::host)
        .map(IpAddress::parse)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /** Whether it is the same machine as another, and has a VIP of that one, too. */
  public boolean sharesVip(Behind other) {
    return member.address().host().equals(other.member.address().host())
        && vips().stream().anyMatch(other.vips()::contains);
  }

  /** The port that it must listen on: that of the VIP, since nothing rewrites it. */
  public int port() {
    return member.address().port();
  }
}
