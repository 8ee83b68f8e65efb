package io.posthouse.policy;

import io.posthouse.model.Configuration;
import io.posthouse.model.DataGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every data group of a configuration, by name, with what its file held when it was read. */
public record DataGroups(Map<String, AddressSet> addresses, Map<String, DomainSet> domains) {
  /** None. */
  public static final DataGroups NONE = new DataGroups(Map.of(), Map.of());

  /** The groups of a configuration without what stands in files. */
  public static DataGroups inline(Configuration configuration) {
    Map<String, AddressSet> addresses = new HashMap<>();
    Map<String, DomainSet> domains = new HashMap<>();
    for (DataGroup group : configuration.dataGroups().values()) {
      List<Entry> entries =
          group.values().stream().map(value -> new Entry(value, "the configuration file")).toList();
      switch (group.type()) {
        case ADDRESS -> addresses.put(group.name(), AddressSet.of(entries));
        case DOMAIN -> domains.put(group.name(), DomainSet.of(entries));
      }
    }
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
