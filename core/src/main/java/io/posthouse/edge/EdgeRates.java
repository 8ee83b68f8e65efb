package io.posthouse.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthouse.edge.Allowance.Bound;
import io.posthouse.model.EdgeChecks.Limits;
import io.posthouse.model.EdgeChecks.Network;
import io.posthouse.model.EdgeChecks.Rate;
import io.posthouse.persist.ClientKey;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.Pace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What clients, their networks and their classes have sent of late, against limits for a minute.
 * From any thread. At most {@value #MOST_SENDERS} clients and networks are remembered, until their
 * buckets are full again; a flood of addresses that makes us forget one still meets the limit of
 * its class.
 */
public final class EdgeRates {
  private static final int MOST_SENDERS = 200_000;

  private final Cache<Whose, Buckets> senders;
  private final ConcurrentMap<String, Buckets> classes = new ConcurrentHashMap<>();

  /** The time of the last look, by which senders are forgotten. */
  private volatile long latest;

  /** What is counted. */
  public enum What {
    CONNECTIONS,
    RECIPIENTS,
    SIZE
  }

  /** For whom it is counted. */
  enum Scope {
    CLIENT,
    NETWORK,
    CLASS
  }

  private static final Scope[] SCOPES = Scope.values();

  /**
   * Who sends.
   *
   * @param className the name of its class
   */
  public record Sender(InetAddress address, String className) {}

  private record Whose(Scope scope, ClientKey key) {}

  /** What one has sent, by what is counted. */
  private record Buckets(Pace connections, Pace recipients, Pace size) {
    static Buckets full(long nanos) {
      return new Buckets(new Pace(nanos), new Pace(nanos), new Pace(nanos));
    }

    Pace of(What what) {
      return switch (what) {
        case CONNECTIONS -> connections;
        case RECIPIENTS -> recipients;
        case SIZE -> size;
      };
    }
  }

  /** Nothing is counted yet. */
  public EdgeRates() {
    senders =
        Caffeine.newBuilder()
            .maximumSize(MOST_SENDERS)
            // An allowance is used for a minute, and a bucket may lack what fills in two.
            .expireAfterAccess(Duration.ofNanos(3 * Pace.MINUTE))
            .ticker(() -> latest)
            .executor(Runnable::run)
            .build();
  }

  /** What a sender may send from now on. */
  public Allowance of(Sender sender, Limits limits, long nanos) {
    latest = nanos;
    List<Bound> connections = new ArrayList<>(3);
    List<Bound> recipients = new ArrayList<>(3);
    List<Bound> size = new ArrayList<>(3);
    for (Scope scope : SCOPES) {
      Rate rate = rate(scope, limits);
      if (rate.connections() > 0 || rate.recipients() > 0 || rate.size().octets() > 0) {
        Buckets buckets = buckets(scope, sender, limits, nanos);
        add(connections, buckets, What.CONNECTIONS, scope, rate.connections());
        add(recipients, buckets, What.RECIPIENTS, scope, rate.recipients());
        add(size, buckets, What.SIZE, scope, rate.size().octets());
      }
    }
    return new Allowance(sender.className(), nanos, connections, recipients, size);
  }

  private static void add(List<Bound> to, Buckets buckets, What what, Scope scope, long most) {
    if (most > 0) {
      to.add(new Bound(buckets.of(what), most, what, scope));
    }
  }

  private Buckets buckets(Scope scope, Sender sender, Limits limits, long nanos) {
    return switch (scope) {
      case CLIENT -> sender(scope, ClassBounds.client(sender.address()), nanos);
      case NETWORK -> {
        Network bits = limits.network();
        yield sender(scope, ClientKey.of(sender.address(), bits.ipv4(), bits.ipv6()), nanos);
      }
      case CLASS -> classes.computeIfAbsent(sender.className(), _ -> Buckets.full(nanos));
    };
  }

  private Buckets sender(Scope scope, ClientKey key, long nanos) {
    return senders.get(new Whose(scope, key), _ -> Buckets.full(nanos));
  }

  private static Rate rate(Scope scope, Limits limits) {
    return switch (scope) {
      case CLIENT -> limits.perClient();
      case NETWORK -> limits.perNetwork();
      case CLASS -> limits.perClass();
    };
  }
}
