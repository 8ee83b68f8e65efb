package io.posthouse.health;

/** What a member's health is, whatever the administrator set. */
public enum EffectiveState {
  /** Nothing is known yet, or nobody asks; eligible like up. */
  UNKNOWN,
  /** Takes work. */
  UP,
  /** Answers, but says that it has too little of something: spared while another member is up. */
  PRESSURE,
  /** Takes no work. */
  DOWN
}
