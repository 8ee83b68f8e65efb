package io.posthouse.policy;

import io.posthouse.model.DataGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every data group of a configuration, by name, with what its file held when it was read. */
public record DataGroups(Map<String, AddressSet> addresses, Map<String, DomainSet> domains) {
  /** None. */
  public static final DataGroups NONE = new DataGroups(Map.of(), Map.of());

  /**
   * Makes every group.
   *
   * @param lists what the files of groups that have one held, by the names of the groups
   */
  public static DataGroups of(Map<String, DataGroup> groups, Map<String, ListText> lists) {
    Map<String, AddressSet> addresses = new LinkedHashMap<>();
    Map<String, DomainSet> domains = new LinkedHashMap<>();
    groups.forEach((name, group) -> {
      List<Entry> entries = ListText.entries(group, lists.get(name));
      switch (group.type()) {
        case ADDRESS -> addresses.put(name, AddressSet.of(entries));
        case DOMAIN -> domains.put(name, DomainSet.of(entries));
      }
    });
    return new DataGroups(Map.copyOf(addresses), Map.copyOf(domains));
  }

  /** The addresses of a group that the configuration was checked to have. */
  public AddressSet addresses(String name) {
    AddressSet set = addresses.get(name);
    if (set == null) {
      throw new AssertionError("unchecked data group " + name);
    }
    return set;
  }

  /** The domains of a group that the configuration was checked to have. */
  public DomainSet domains(String name) {
    DomainSet set = domains.get(name);
    if (set == null) {
      throw new AssertionError("unchecked data group " + name);
    }
    return set;
  }
}
