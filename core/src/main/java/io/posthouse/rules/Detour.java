package io.posthouse.rules;

import org.jspecify.annotations.Nullable;

/**
 * What rules have chosen in place of what the client's class says, by names of the file.
 *
 * @param pool null for the class's
 * @param snat null for the class's
 * @param clientClass null for the class of the client's address
 */
public record Detour(@Nullable String pool, @Nullable String snat, @Nullable String clientClass) {
  /** Nothing. */
  public static final Detour NONE = new Detour(null, null, null);

  /** The same, and where it says nothing, what another says. */
  public Detour or(Detour other) {
    if (this.equals(NONE) || other.equals(NONE)) {
      return this.equals(NONE) ? other : this;
    }
    return new Detour(
        pool == null ? other.pool : pool,
        snat == null ? other.snat : snat,
        clientClass == null ? other.clientClass : clientClass);
  }

  /** Only what it says of the class. */
  public Detour classOnly() {
    return new Detour(null, null, clientClass);
  }
}
