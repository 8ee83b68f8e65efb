package io.posthouse.config;

import io.posthouse.model.ClientClass;
import io.posthouse.model.ClientClass.Demand;
import io.posthouse.model.ClientClass.MemberAddress;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.FindingKind;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.Source;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks that a client class fits those who use it: the mode of its virtual servers, its place
 * among other classes, and the members of its pools.
 */
final class ClassChecks {
  static final String ADMITS_EVERYBODY =
      "has no classes, so it lets everybody in and leaves relaying to the members; name its client"
          + " classes";

  private final Draft draft;
  private final Places places;
  private final Configuration configuration;
  private final Fronts fronts;

  private ClassChecks(Draft draft) {
    this.draft = draft;
    this.places = draft.places();
    this.configuration = draft.configuration();
    this.fronts = new Fronts(configuration);
  }

  static void check(Draft draft) {
    ClassChecks checks = new ClassChecks(draft);
    checks.configuration.virtualServers().values().forEach(checks::server);
    checks.configuration.clientClasses().values().forEach(checks::clientClass);
  }

  private void server(VirtualServer server) {
    String path = Places.path("virtual-servers", server.name());
    String list = Places.path(path, "classes");
    List<String> names = server.classes();
    if (!places.written(list)) {
      if (places.trusted(path) && !draft.accepts(FindingKind.NO_LIST, server.name())) {
        draft.warningAtKey(path, ADMITS_EVERYBODY);
      }
      return;
    }
    String catchAll = null;
    for (int i = 0; names != null && i < names.size(); i++) {
      ClientClass each = configuration.clientClasses().get(names.get(i));
      if (catchAll != null && places.good(places.item(list, i))) {
        draft.warning(
            places.item(list, i),
            "is never reached: every client is of the class "
                + Words.shorten(catchAll)
                + " before it; move it in front of that");
      } else if (catchAll == null && each != null && isEverybody(each)) {
        catchAll = each.name();
      }
    }
  }

  private boolean isEverybody(ClientClass of) {
    String from = Places.path(Places.path("client-classes", of.name()), "from");
    return places.good(from) && of.from().contains(ClientClass.ANY);
  }

  private void clientClass(ClientClass of) {
    String path = Places.path("client-classes", of.name());
    if (!places.trusted(path)) {
      return;
    }
    memberAddresses(of, Places.path(path, "member-addresses"));
    String snat = Places.path(path, "snat");
    if (places.good(snat)) {
      families(of, snat);
    }
    fronts.of(of).stream()
        .filter(server -> isTcp(server))
        .findFirst()
        .ifPresent(server -> inModeTcp(of, path, server));
  }

  private static boolean isRestricted(ClientClass of) {
    return !of.relay().equals("any") && !of.relay().equals("server");
  }

  private boolean isTcp(VirtualServer server) {
    return places.good(Places.path(Places.path("virtual-servers", server.name()), "mode"))
        && server.mode() == VirtualServer.Mode.TCP;
  }

  /** What a class asks for and a virtual server of mode tcp cannot give. */
  private void inModeTcp(ClientClass of, String path, VirtualServer server) {
    String because =
        "the virtual server "
            + Words.shorten(server.name())
            + " has mode tcp, which does not speak SMTP; ";
    String remedy = "remove it, or write mode: smtp there";
    List<String> unheard = new ArrayList<>();
    if (of.tls() == Demand.REQUIRED) {
      unheard.add("tls");
    }
    if (of.auth() == Demand.REQUIRED) {
      unheard.add("auth");
    }
    if (of.relayAfterAuth() != null) {
      unheard.add("relay-after-auth");
    }
    if (of.limits().messagesPerMinute() > 0) {
      unheard.add("limits.messages-per-minute");
    }
    if (of.limits().messagesPerMinutePerClient() > 0) {
      unheard.add("limits.messages-per-minute-per-client");
    }
    unheard.stream()
        .map(key -> path + "." + key)
        .filter(places::good)
        .forEach(key -> draft.errorAtKey(key, because + remedy));
    String relay = Places.path(path, "relay");
    if (places.good(relay)
        && isRestricted(of)
        && !draft.accepts(FindingKind.UNENFORCED_RELAY, of.name())) {
      draft.warning(
          relay, because + "there the members decide; write relay: server, or a class of its own");
    }
  }

  private void memberAddresses(ClientClass of, String path) {
    List<String> members =
        fronts.pools(of).stream().flatMap(pool -> pool.members().keySet().stream()).toList();
    for (MemberAddress each : of.memberAddresses().values()) {
      String name = Places.path(path, each.name());
      if (!members.isEmpty() && !members.contains(each.name())) {
        draft.errorAtKey(
            name,
            "the class has no member "
                + Words.quote(each.name())
                + "; "
                + Words.remedy(each.name(), members));
      }
      String address = Places.path(name, "address");
      if (places.good(address)) {
        memberAddress(each.address(), address);
      }
    }
  }

  private void memberAddress(Endpoint endpoint, String path) {
    Optional<InetAddress> address = IpAddress.parse(endpoint.host());
    if (address.isEmpty()) {
      draft.error(
          path,
          Words.quote(endpoint.host())
              + " is a host name, and those are only for members themselves; write its address");
    } else if (address.get().isAnyLocalAddress() || endpoint.port() == 0) {
      draft.error(path, endpoint + " cannot be connected to; write the member's own address");
    }
  }

  /** Members that a class with addresses of ours cannot reach from any of them. */
  private void families(ClientClass of, String path) {
    boolean readable =
        configuration.snatPools().containsKey(of.snat())
            ? sources(of.snat()).stream().noneMatch(text -> isBad(text))
            : of.snat().equals("none") || of.snat().equals("automap") || !isBad(of.snat());
    if (!readable
        || !(Source.of(of.snat(), configuration.snatPools()) instanceof Source.Listed ours)) {
      return;
    }
    for (Pool pool : fronts.pools(of)) {
      for (Member member : pool.members().values()) {
        MemberAddress own = of.memberAddresses().get(member.name());
        Endpoint endpoint = own == null ? member.address() : own.address();
        IpAddress.parse(endpoint.host())
            .map(address -> address instanceof Inet6Address)
            .filter(ipv6 -> (ipv6 ? ours.ipv6() : ours.ipv4()).isEmpty())
            .ifPresent(ipv6 -> draft.error(path, unreached(pool, member, endpoint, ipv6)));
      }
    }
  }

  private static String unreached(Pool pool, Member member, Endpoint endpoint, boolean ipv6) {
    String family = ipv6 ? "IPv6" : "IPv4";
    return "the member "
        + Words.shorten(pool.name() + "/" + member.name())
        + " at "
        + endpoint
        + " would get no mail from this class: there is no "
        + family
        + " address to reach it from; name a SNAT pool that has one";
  }

  private List<String> sources(String pool) {
    return configuration.snatPools().get(pool) == null
        ? List.of()
        : configuration.snatPools().get(pool).addresses();
  }

  private static boolean isBad(String address) {
    return GroupChecks.sourceProblem(address).isPresent();
  }
}
