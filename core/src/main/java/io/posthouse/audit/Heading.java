package io.posthouse.audit;

import io.posthouse.model.FindingKind;

/** What a finding is about: relaying, or one of the four causes of trouble with balanced SMTP. */
public enum Heading {
  /** Who may send to whom. */
  RELAY,
  /** The addresses that members see. */
  SNAT,
  /** How work is spread. */
  METHOD,
  /** Weights and priority groups. */
  PRIORITY,
  /** How members are asked whether they are well. */
  PROBES;

  /** That of a finding. */
  public static Heading of(FindingKind kind) {
    return switch (kind) {
      case OPEN_RELAY, NO_LIST, UNENFORCED_RELAY, BELIEVES_ANYBODY -> RELAY;
      case RELAYS_FOR_CLASS, MEMBER_RELAYS, NOT_TESTED -> RELAY;
      case SHARED_SOURCE, SOURCE_PORTS, MEMBER_LIMIT -> SNAT;
      case SOURCE_PERSISTENCE, SOURCE_HASH -> METHOD;
      case WEIGHTS_WITHOUT_EFFECT, PRIORITIES_WITHOUT_EFFECT -> PRIORITY;
      case SHALLOW_PROBE, SLOW_PROBE -> PROBES;
    };
  }
}
