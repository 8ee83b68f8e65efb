package io.posthouse.config;

import io.posthouse.model.Announce;
import io.posthouse.model.BalanceMethod;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.FindingKind;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.model.VirtualServer.WhenDown;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks virtual servers of mode dsr: the kernel hands a client's packets on as they are, and the
 * answers do not pass this machine. So nothing in them can be changed, read or counted here, and
 * keys that would need it are refused with that reason.
 */
final class DsrChecks {
  private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}");

  private static final String PASSES_ON =
      "mode dsr hands packets on as they are and never sees the answers; ";

  private final Draft draft;
  private final Places places;
  private final Configuration configuration;
  private final VirtualServer server;
  private final String path;

  private DsrChecks(Draft draft, VirtualServer server, String path) {
    this.draft = draft;
    this.places = draft.places();
    this.configuration = draft.configuration();
    this.server = server;
    this.path = path;
  }

  /** Checks what the file alone can tell. */
  static void keys(Draft draft, VirtualServer server, String path) {
    DsrChecks checks = new DsrChecks(draft, server, path);
    checks.ownKeys();
    checks.addresses();
    checks.classes();
    Pool pool = draft.configuration().pools().get(server.pool());
    if (pool != null) {
      checks.pool(pool, Places.path("pools", pool.name()));
    }
  }

  /** Checks what only the machine that the file is for can tell. */
  static void machine(Draft draft, ThisMachine machine) {
    for (VirtualServer server : draft.configuration().virtualServers().values()) {
      String path = Places.path("virtual-servers", server.name());
      if (server.mode() == Mode.DSR && draft.places().trusted(path)) {
        new DsrChecks(draft, server, path).device(machine);
      }
    }
  }

  private void ownKeys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("tls", "TLS passes through; remove it");
    keys.put("smtp", "it does not speak SMTP; remove smtp, or write mode: smtp");
    keys.put("edge-checks", "edge checks answer in words; remove edge-checks, or write mode: smtp");
    keys.put("rules", "rules need a link that ends here; remove rules, or write mode: smtp or tcp");
    keys.put(
        "believe", "the PROXY protocol cannot be read; remove believe, or write mode: smtp or tcp");
    keys.put(
        "persistence",
        "it remembers nobody; write balance: source-hash in the pool, which keeps each address with"
            + " its member");
    keys.put(
        "max-connections",
        "it cannot count what is open; remove it, bound it on the servers, or write"
            + " dsr.new-links-per-client");
    keys.put(
        "log", "there is no end of a link to log; remove it: counters are in posthouse status");
    keys.forEach((key, why) -> refuse(Places.path(path, key), why));
    String whenDown = Places.path(path, "when-down");
    if (places.good(whenDown) && server.whenDown() != null && server.whenDown() != WhenDown.RESET) {
      draft.error(whenDown, "mode dsr speaks no word to clients; write reset, or remove it");
    }
    String device = path + ".dsr.device";
    if (places.good(device)
        && server.dsr().device() != null
        && !DEVICE.matcher(server.dsr().device()).matches()) {
      draft.error(device, "is no name of a network device; write one that 'ip link' shows");
    }
  }

  private void addresses() {
    String list = Places.path(path, "listen");
    for (int i = 0; i < server.listen().size(); i++) {
      Endpoint vip = server.listen().get(i);
      String item = places.item(list, i);
      Optional<InetAddress> address = IpAddress.parse(vip.host());
      boolean every = vip.host().equals("*");
      if (!places.good(item) || (address.isEmpty() && !every)) {
        continue; // AddressChecks tells of names.
      }
      if (every
          || address.get().isAnyLocalAddress()
          || address.get().isLoopbackAddress()
          || address.get().isLinkLocalAddress()) {
        draft.error(
            item,
            "mode dsr needs the one address that clients and servers share (the VIP); write it");
      } else if (vip.port() == 0) {
        draft.error(item, "mode dsr cannot choose a port; write 1 to 65535");
      } else {
        shared(item, address.get());
        members(vip, address.get());
      }
    }
  }

  /** Others would lose the address when this one ends, and could not be bound before it begins. */
  private void shared(String item, InetAddress vip) {
    for (VirtualServer other : configuration.virtualServers().values()) {
      boolean same =
          other.mode() != Mode.DSR
              && other.listen().stream()
                  .anyMatch(each -> IpAddress.parse(each.host()).filter(vip::equals).isPresent());
      if (same && server.dsr().addAddress()) {
        draft.error(
            item,
            "the virtual server "
                + Words.shorten(other.name())
                + " listens on the address, too; put it on the device by the machine's network"
                + " settings, and write dsr: { add-address: false }");
      }
    }
  }

  /** Each member is behind the VIP as it is: its port, its family. */
  private void members(Endpoint vip, InetAddress address) {
    Pool pool = configuration.pools().get(server.pool());
    if (pool == null) {
      return;
    }
    for (Member member : pool.members().values()) {
      String key = key(pool, member);
      if (!places.good(key)) {
        continue;
      }
      if (member.address().port() != vip.port()) {
        draft.error(
            key,
            server()
                + "cannot change the port "
                + vip.port()
                + " of its address; "
                + (severalPorts()
                    ? "make a virtual server and a pool for each port"
                    : "write " + new Endpoint(member.address().host(), vip.port())));
      }
      Optional<InetAddress> own = IpAddress.parse(member.address().host());
      boolean ipv6 = address instanceof Inet6Address;
      if (own.isPresent() && own.get() instanceof Inet6Address != ipv6) {
        draft.error(
            key,
            server()
                + "has the address "
                + vip.host()
                + " and reaches members by "
                + (ipv6 ? "IPv6" : "IPv4")
                + " alone; write such an address, or make a virtual server and a pool for each");
      }
    }
  }

  private boolean severalPorts() {
    return server.listen().stream().map(Endpoint::port).distinct().count() > 1;
  }

  private void classes() {
    for (String name : configuration.classesOf(server)) {
      ClientClass each = configuration.clientClasses().get(name);
      if (each != null) {
        clientClass(each, Places.path("client-classes", name));
      }
    }
  }

  private void clientClass(ClientClass of, String its) {
    String remedy = "; remove it, or make a class of its own for " + Words.shorten(server.name());
    for (String key :
        List.of("persistence", "member-port", "member-addresses", "limits", "relay-after-auth")) {
      if (places.written(Places.path(its, key))) {
        draft.errorAtKey(
            Places.path(its, key), server() + "can only let a class in or refuse it" + remedy);
      }
    }
    String snat = Places.path(its, "snat");
    if (places.written(snat) && places.good(snat) && !of.snat().equals("none")) {
      draft.error(snat, server() + "always shows members the client's own address" + remedy);
    }
    String pool = Places.path(its, "pool");
    if (places.good(pool) && of.pool() != null && !of.pool().equals(server.pool())) {
      draft.error(pool, server() + "has one pool, " + Words.shorten(server.pool()) + remedy);
    }
    String relay = Places.path(its, "relay");
    if (places.good(relay)
        && !of.relay().equals("any")
        && !of.relay().equals("server")
        && !draft.accepts(FindingKind.UNENFORCED_RELAY, of.name())) {
      draft.warning(
          relay,
          server() + "does not see recipients: there the members decide; write relay: server");
    }
  }

  private void pool(Pool pool, String its) {
    String balance = Places.path(its, "balance");
    if (places.good(balance)
        && pool.balance() != BalanceMethod.ROUND_ROBIN
        && pool.balance() != BalanceMethod.SOURCE_HASH) {
      draft.error(
          balance,
          server()
              + "cannot count what members have open; write round-robin (each link by itself) or"
              + " source-hash (each address with its member)");
    }
    String announce = Places.path(its, "announce");
    if (places.good(announce) && pool.announce() != Announce.NONE) {
      draft.error(announce, server() + "needs none: members see the client's address; remove it");
    }
    String tls = Places.path(its, "tls");
    if (places.good(tls) && pool.tls().mode() != MemberTls.Mode.OFF) {
      draft.error(tls, server() + "passes TLS through; remove it");
    }
    String members = Places.path(its, "members");
    for (Member member : pool.members().values()) {
      refuse(
          Places.path(Places.path(members, member.name()), "max-connections"),
          "it cannot count what is open; remove it, and bound it on the server");
    }
    String monitors = Places.path(its, "monitors");
    if (pool.monitors().isEmpty() && places.trusted(monitors)) {
      draft.warningAtKey(
          places.written(monitors) ? monitors : its,
          server() + "never hears of a dead member without a monitor; name one in monitors");
    }
  }

  private void device(ThisMachine machine) {
    String device = server.dsr().device();
    if (device != null && DEVICE.matcher(device).matches() && !machine.hasInterface(device)) {
      draft.error(path + ".dsr.device", "this machine has no device " + device + "; see 'ip link'");
      return;
    }
    String list = Places.path(path, "listen");
    for (int i = 0; i < server.listen().size(); i++) {
      Optional<InetAddress> vip = IpAddress.parse(server.listen().get(i).host());
      if (vip.isEmpty()) {
        continue;
      }
      Optional<String> on =
          device == null ? machine.interfaceBeside(vip.get()) : Optional.of(device);
      on.ifPresent(name -> beside(machine, name));
      if (on.isEmpty()) {
        draft.error(
            places.item(list, i),
            server.listen().get(i).host()
                + " is in no network of this machine; name in dsr.device the device that its packets"
                + " come in by");
      }
    }
  }

  /** A router on the way to a member would not know what to do with a packet for the VIP. */
  private void beside(ThisMachine machine, String device) {
    Pool pool = configuration.pools().get(server.pool());
    if (pool == null) {
      return;
    }
    for (Member member : pool.members().values()) {
      String key = key(pool, member);
      Optional<InetAddress> address = IpAddress.parse(member.address().host());
      if (address.isPresent() && places.good(key) && !machine.isBeside(device, address.get())) {
        draft.error(
            key,
            member.address().host()
                + " is in no network of "
                + device
                + ", and no router may be between in mode dsr of the virtual server "
                + Words.shorten(server.name())
                + "; write mode: smtp or tcp there, or name the right device in dsr.device");
      }
    }
  }

  private String key(Pool pool, Member member) {
    String its =
        Places.path(Places.path(Places.path("pools", pool.name()), "members"), member.name());
    return places.written(its + ".address") ? its + ".address" : its;
  }

  private void refuse(String key, String why) {
    if (places.written(key)) {
      draft.errorAtKey(key, PASSES_ON + why);
    }
  }

  private String server() {
    return "the virtual server " + Words.shorten(server.name()) + " has mode dsr, which ";
  }
}
