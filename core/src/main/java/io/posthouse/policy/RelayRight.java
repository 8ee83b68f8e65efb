package io.posthouse.policy;

/** Which recipients a client class may send to. */
public sealed interface RelayRight {
  /** Anybody. */
  record Anybody() implements RelayRight {}

  /** The members decide. */
  record Members() implements RelayRight {}

  /** Nobody, before AUTH. */
  record Nobody() implements RelayRight {}

  /** Recipients of these domains. */
  record Domains(String group, DomainSet set) implements RelayRight {}

  /** What the key {@code relay} of a class means; it was checked. */
  static RelayRight of(String relay, DataGroups groups) {
    return switch (relay) {
      case "any" -> new Anybody();
      case "server" -> new Members();
      case "none" -> new Nobody();
      default -> new Domains(relay, groups.domains(relay));
    };
  }
}
