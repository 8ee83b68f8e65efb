package io.posthouse.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthouse.model.EdgeChecks.Limits;
import io.posthouse.model.EdgeChecks.Rate;
import io.posthouse.persist.ClientKey;
import io.posthouse.policy.ClassBounds;
import io.posthouse.policy.Pace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

  private record Bound(Bucket bucket, long most) {}

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

  /** Counts a link or a recipient: null, or in a few words which limit does not let it in. */
  public @Nullable String take(What what, Limits limits, Sender sender, long nanos) {
    List<Bound> bounds = bounds(what, limits, sender);
    for (int i = 0; i < bounds.size(); i++) {
      Bound each = bounds.get(i);
      if (!pace(each, nanos).take((int) each.most(), nanos)) {
        for (Bound before : bounds.subList(0, i)) {
          pace(before, nanos).giveBack((int) before.most());
        }
        return reason(each);
      }
    }
    return null;
  }

  /** Whether another message may come: null, or which limit does not let it in. */
  public @Nullable String isSpent(Limits limits, Sender sender, long nanos) {
    for (Bound each : bounds(What.SIZE, limits, sender)) {
      if (!pace(each, nanos).isLeft(nanos)) {
        return reason(each);
      }
    }
    return null;
  }

  /** A message had so many octets. */
  public void spend(long octets, Limits limits, Sender sender, long nanos) {
    for (Bound each : bounds(What.SIZE, limits, sender)) {
      pace(each, nanos).spend(octets, each.most(), nanos);
    }
  }

  private Pace pace(Bound of, long nanos) {
    latest = nanos;
    return buckets.get(of.bucket(), _ -> new Pace(nanos));
  }

  private static String reason(Bound of) {
    Bucket bucket = of.bucket();
    return bucket.what().name().toLowerCase(Locale.ROOT)
        + " per "
        + bucket.scope().name().toLowerCase(Locale.ROOT);
  }

  private static List<Bound> bounds(What what, Limits limits, Sender sender) {
    List<Bound> bounds = new ArrayList<>(3);
    long ofClient = most(what, limits.perClient());
    if (ofClient > 0) {
      ClientKey client = ClassBounds.client(sender.address());
      bounds.add(new Bound(new Bucket(what, Scope.CLIENT, client), ofClient));
    }
    long ofNetwork = most(what, limits.perNetwork());
    if (ofNetwork > 0) {
      ClientKey network =
          ClientKey.of(sender.address(), limits.network().ipv4(), limits.network().ipv6());
      bounds.add(new Bound(new Bucket(what, Scope.NETWORK, network), ofNetwork));
    }
    long ofClass = most(what, limits.perClass());
    if (ofClass > 0) {
      bounds.add(new Bound(new Bucket(what, Scope.CLASS, sender.className()), ofClass));
    }
    return bounds;
  }

  private static long most(What what, Rate rate) {
    return switch (what) {
      case CONNECTIONS -> rate.connections();
      case RECIPIENTS -> rate.recipients();
      case SIZE -> rate.size().octets();
    };
  }
}
