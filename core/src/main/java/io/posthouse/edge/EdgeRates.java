package io.posthouse.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthouse.edge.Allowance.Bound;
import io.posthouse.model.EdgeChecks.Limits;
import io.posthouse.model.EdgeChecks.Rate;
import io.posthouse.model.Spelled;
import io.posthouse.persist.ClientKey;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.Pace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What clients, their networks and their classes have sent of late, against limits for a minute.
 * From any thread. At most {@value #MOST_BUCKETS} buckets are remembered, until they are full
 * again; a flood of addresses that makes us forget one still meets the limit of its class.
 */
public final class EdgeRates {
  private static final int MOST_BUCKETS = 200_000;

  private final Cache<Bucket, Pace> buckets;

  /** The time of the last look, by which buckets are forgotten. */
  private volatile long latest;

  /** What is counted. */
  public enum What {
    CONNECTIONS,
    RECIPIENTS,
    SIZE
  }

  /** For whom it is counted. */
  private enum Scope {
    CLIENT,
    NETWORK,
    CLASS
  }

  /**
   * Who sends.
   *
   * @param className the name of its class
   */
  public record Sender(InetAddress address, String className) {}

  private record Bucket(What what, Scope scope, Object whose) {}

  /** Nothing is counted yet. */
  public EdgeRates() {
    buckets =
        Caffeine.newBuilder()
            .maximumSize(MOST_BUCKETS)
            .expireAfterAccess(Duration.ofNanos(2 * Pace.MINUTE))
            .ticker(() -> latest)
            .executor(Runnable::run)
            .build();
  }

  /** What a sender may send from now on. */
  public Allowance of(Sender sender, Limits limits, long nanos) {
    return new Allowance(this, sender, limits, nanos);
  }

  /** The buckets for something that a sender sends. */
  List<Bound> bounds(What what, Limits limits, Sender sender, long nanos) {
    latest = nanos;
    List<Bound> bounds = new ArrayList<>(Scope.values().length);
    for (Scope scope : Scope.values()) {
      long most = most(what, rate(scope, limits));
      if (most > 0) {
        Bucket bucket = new Bucket(what, scope, whose(scope, limits, sender));
        Pace pace = buckets.get(bucket, _ -> new Pace(nanos));
        bounds.add(new Bound(pace, most, Spelled.of(what) + " per " + Spelled.of(scope)));
      }
    }
    return bounds;
  }

  private static Rate rate(Scope scope, Limits limits) {
    return switch (scope) {
      case CLIENT -> limits.perClient();
      case NETWORK -> limits.perNetwork();
      case CLASS -> limits.perClass();
    };
  }

  private static Object whose(Scope scope, Limits limits, Sender sender) {
    return switch (scope) {
      case CLIENT -> ClassBounds.client(sender.address());
      case NETWORK ->
          ClientKey.of(sender.address(), limits.network().ipv4(), limits.network().ipv6());
      case CLASS -> sender.className();
    };
  }

  private static long most(What what, Rate rate) {
    return switch (what) {
      case CONNECTIONS -> rate.connections();
      case RECIPIENTS -> rate.recipients();
      case SIZE -> rate.size().octets();
    };
  }
}
