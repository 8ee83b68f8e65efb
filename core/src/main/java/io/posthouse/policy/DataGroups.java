package io.posthouse.policy;

import java.util.Map;

/** Every data group of a configuration, by name, with what its file held when it was read. */
public record DataGroups(Map<String, AddressSet> addresses, Map<String, DomainSet> domains) {
  /** None. */
  public static final DataGroups NONE = new DataGroups(Map.of(), Map.of());

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
