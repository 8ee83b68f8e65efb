package io.posthouse.ruleset;

import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that the kernel is to do in mode dsr.
 *
 * @param services each with its members' shares, in the order of the file
 * @param members the address that each mark stands for
 * @param vips those that are to be put on their device
 * @param indices the number of each device: of one that was made anew rules do not know
 */
public record DsrPlan(
    Map<DsrService, DsrShares> services,
    Map<Integer, InetAddress> members,
    Set<Vip> vips,
    Map<String, Integer> indices) {
  /** Nothing. */
  public static final DsrPlan NONE = new DsrPlan(Map.of(), Map.of(), Set.of(), Map.of());

  /** An address and the device that it is to be on. */
  public record Vip(String device, InetAddress address) {}

  /** Copies them all, and keeps the order. */
  public DsrPlan {
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    members = Map.copyOf(members);
    vips = Set.copyOf(vips);
    indices = Map.copyOf(indices);
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return services.isEmpty();
  }

  /** The devices that packets come in by. */
  public Set<String> devices() {
    return services.keySet().stream().map(DsrService::device).collect(Collectors.toSet());
  }

  /** The same with other shares of one service that it has. */
  public DsrPlan with(DsrService service, DsrShares shares) {
    Map<DsrService, DsrShares> changed = new LinkedHashMap<>(services);
    changed.replace(service, shares);
    return new DsrPlan(changed, members, vips, indices);
  }

  /** Whether another one differs in shares of members alone. */
  public boolean differsInSharesAlone(DsrPlan other) {
    return services.keySet().equals(other.services.keySet())
        && members.equals(other.members)
        && vips.equals(other.vips)
        && indices.equals(other.indices)
        && services.entrySet().stream()
            .allMatch(each -> each.getValue().known().equals(known(other, each.getKey())));
  }

  private static Set<Integer> known(DsrPlan of, DsrService service) {
    DsrShares shares = of.services.get(service);
    return shares == null ? Set.of() : shares.known();
  }
}
