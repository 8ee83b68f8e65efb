package io.posthouse.persist;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthouse.model.Persistence;
import java.net.InetAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which member a client had, for as long as it keeps coming.
 *
 * <p>Bounded: past {@value #MOST_CLIENTS} clients the least used are forgotten, so that a flood of
 * addresses costs at most a few dozen megabytes and forgets itself.
 */
public final class PersistenceTable {
  private static final int MOST_CLIENTS = 200_000;

  private final Persistence settings;
  private final Cache<ClientKey, String> members;

  /**
   * An empty table.
   *
   * @param nanos the monotonic clock
   */
  public PersistenceTable(Persistence settings, LongSupplier nanos) {
    this.settings = settings;
    this.members =
        Caffeine.newBuilder()
            .maximumSize(MOST_CLIENTS)
            .expireAfterAccess(settings.timeout())
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** The settings the table was made with; other settings need another table. */
  public Persistence settings() {
    return settings;
  }

  /** What tells the client apart by these settings. */
  public ClientKey key(InetAddress client) {
    return ClientKey.of(client, settings.prefix().ipv4(), settings.prefix().ipv6());
  }

  /** The member the client had; null when it is not known or was away too long. */
  public @Nullable String member(ClientKey client) {
    return members.getIfPresent(client);
  }

  /** The same for somebody who only wants to know: the client is not remembered any longer. */
  public @Nullable String look(ClientKey client) {
    return members.policy().getIfPresentQuietly(client);
  }

  /** Notes the member a client has now. */
  public void remember(ClientKey client, String member) {
    members.put(client, member);
  }

  /** How many clients are remembered, roughly. */
  public long size() {
    return members.estimatedSize();
  }
}
