package io.posthouse.config;

import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Rule;
import io.posthouse.model.SnatPool;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Checks that connections to members can leave from the addresses that the file names. */
final class SourceChecks {
  private final Draft draft;
  private final Configuration configuration;
  private final Places places;
  private final ThisMachine machine;

  private SourceChecks(Draft draft, ThisMachine machine) {
    this.draft = draft;
    this.configuration = draft.configuration();
    this.places = draft.places();
    this.machine = machine;
  }

  static void check(Draft draft, ThisMachine machine) {
    SourceChecks checks = new SourceChecks(draft, machine);
    checks.pools();
    checks.classes();
    checks.rules();
  }

  private void pools() {
    for (SnatPool pool : configuration.snatPools().values()) {
      String list = Places.path(Places.path("snat-pools", pool.name()), "addresses");
      for (int i = 0; i < pool.addresses().size(); i++) {
        source(pool.addresses().get(i), places.item(list, i));
      }
    }
  }

  private void classes() {
    for (ClientClass each : configuration.clientClasses().values()) {
      if (!configuration.snatPools().containsKey(each.snat())) {
        source(each.snat(), Places.path(Places.path("client-classes", each.name()), "snat"));
      }
    }
  }

  private void rules() {
    for (Rule each : configuration.rules().values()) {
      String snat = each.then().snat();
      if (snat != null && !configuration.snatPools().containsKey(snat)) {
        source(snat, Places.path("rules", each.name()) + ".then.snat");
      }
    }
  }

  /** What is no address at all, others tell. */
  private void source(String text, String path) {
    Optional<InetAddress> address = IpAddress.parse(text);
    if (!places.good(path) || address.isEmpty()) {
      return;
    }
    InetAddress source = address.get();
    boolean many = source.isAnyLocalAddress() || source.isMulticastAddress(); // GroupChecks tells.
    if (!many && !source.isLoopbackAddress() && !machine.owns(source)) {
      foreign(source, text, path);
    }
  }

  private void foreign(InetAddress source, String text, String path) {
    boolean ipv6 = source instanceof Inet6Address;
    // As the file has it: Java would write out the zeros of IPv6.
    String shown = ipv6 ? text : source.getHostAddress();
    String add = "'" + command(source, shown, ipv6) + "'";
    if (machine.bindsOthers(ipv6)) {
      draft.warning(
          path,
          shown
              + " is not on this machine; net.ipv"
              + (ipv6 ? 6 : 4)
              + ".ip_nonlocal_bind lets it come later, and until then no connection can leave from it: "
              + add);
    } else {
      draft.error(
          path,
          shown
              + " is not on this machine; add it with "
              + add
              + ", and to its network settings, so that it is there after a restart");
    }
  }

  /** Never preferred in IPv6: it would become the source of everything else, too. */
  private String command(InetAddress source, String shown, boolean ipv6) {
    String device =
        members(ipv6).stream()
            .map(machine::interfaceTowards)
            .flatMap(Optional::stream)
            .findFirst()
            .or(() -> machine.interfaceBeside(source))
            .orElse("INTERFACE");
    return ipv6
        ? "ip -6 addr add " + shown + "/128 dev " + device + " preferred_lft 0"
        : "ip addr add " + shown + "/32 dev " + device;
  }

  private List<InetAddress> members(boolean ipv6) {
    return configuration.pools().values().stream()
        .flatMap(pool -> pool.members().values().stream())
        .flatMap(member -> IpAddress.parse(member.address().host()).stream())
        .filter(address -> address instanceof Inet6Address == ipv6)
        .toList();
  }
}
