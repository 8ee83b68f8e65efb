package io.posthouse.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthouse.model.ClientClass;
import io.posthouse.persist.ClientKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the links and messages of a client class, and of each of its clients, against its limits.
 * It outlives reloads as long as the class keeps its name. From any thread; the first message alone
 * takes a lock.
 *
 * <p>Links are counted exactly, whether there is a limit or not, so that a limit that a reload
 * brings finds them. Of a client there is an entry as long as it has links. Messages have a bucket
 * each for the class and for the client ({@link Pace}); those of at most {@value #MOST_CLIENTS}
 * clients are remembered, for a minute: a flood of addresses that makes us forget one of them still
 * meets the limit of the class.
 */
public final class ClassBounds {
  private static final int MOST_CLIENTS = 200_000;

  private final AtomicInteger links = new AtomicInteger();
  private final ConcurrentMap<ClientKey, Integer> linksOfClients = new ConcurrentHashMap<>();
  private final Cache<ClientKey, Pace> messagesOfClients;
  private volatile @Nullable Pace messages;
  private volatile ClientClass.Limits limits;

  /** The time of the last message, by which clients are forgotten. */
  private volatile long latest;

  /** Whether one more may come. */
  public enum Answer {
    /** Yes. */
    ADMITTED,
    /** The class has as many as it may. */
    CLASS_FULL,
    /** This client has as many as it may. */
    CLIENT_FULL
  }

  /** Nothing is counted yet. */
  public ClassBounds(ClientClass.Limits limits) {
    this.limits = limits;
    this.messagesOfClients =
        Caffeine.newBuilder()
            .maximumSize(MOST_CLIENTS)
            .expireAfterAccess(Duration.ofNanos(Pace.MINUTE))
            .ticker(() -> latest)
            .executor(Runnable::run)
            .build();
  }

  /** What is one client: an address; with IPv6, a /64. */
  public static ClientKey client(InetAddress address) {
    ClientKey whole = Prefix.whole(address);
    return whole.ipv6() ? new ClientKey(whole.high(), 0, true) : whole;
  }

  /** Takes over changed limits; what is counted stays. */
  public void limits(ClientClass.Limits changed) {
    limits = changed;
  }

  /** The limits in effect. */
  public ClientClass.Limits limits() {
    return limits;
  }

  /** How many links the class has. */
  public int links() {
    return links.get();
  }

  /** How many links a client has. */
  public int links(ClientKey client) {
    return linksOfClients.getOrDefault(client, 0);
  }

  /** How many clients have links. */
  public int clients() {
    return linksOfClients.size();
  }

  /** A link begins; one that was admitted owes {@link #close}. */
  public Answer open(ClientKey client) {
    ClientClass.Limits now = limits;
    if (!openOf(client, now.connectionsPerClient())) {
      return Answer.CLIENT_FULL;
    }
    int most = now.connections() == 0 ? Integer.MAX_VALUE : now.connections();
    int before;
    do {
      before = links.get();
      if (before >= most) {
        closeOf(client);
        return Answer.CLASS_FULL;
      }
    } while (!links.compareAndSet(before, before + 1));
    return Answer.ADMITTED;
  }

  private boolean openOf(ClientKey client, int most) {
    while (true) {
      Integer before = linksOfClients.get(client);
      if (before == null) {
        if (linksOfClients.putIfAbsent(client, 1) == null) {
          return true;
        }
      } else if (most > 0 && before >= most) {
        return false;
      } else if (linksOfClients.replace(client, before, before + 1)) {
        return true;
      }
    }
  }

  /** A link that was admitted ends. */
  public void close(ClientKey client) {
    links.decrementAndGet();
    closeOf(client);
  }

  private void closeOf(ClientKey client) {
    while (true) {
      Integer before = linksOfClients.get(client);
      if (before == null) {
        throw new IllegalStateException("a link that was not admitted ends");
      } else if (before == 1
          ? linksOfClients.remove(client, before)
          : linksOfClients.replace(client, before, before - 1)) {
        return;
      }
    }
  }

  /**
   * A message begins.
   *
   * @param nanos monotonic time
   */
  public Answer message(ClientKey client, long nanos) {
    ClientClass.Limits now = limits;
    int ofClient = now.messagesPerMinutePerClient();
    Pace own = null;
    if (ofClient > 0) {
      latest = nanos;
      own = messagesOfClients.get(client, key -> new Pace(nanos));
      if (!own.take(ofClient, nanos)) {
        return Answer.CLIENT_FULL;
      }
    }
    int ofClass = now.messagesPerMinute();
    if (ofClass > 0 && !pace(nanos).take(ofClass, nanos)) {
      if (own != null) {
        own.giveBack(ofClient);
      }
      return Answer.CLASS_FULL;
    }
    return Answer.ADMITTED;
  }

  private Pace pace(long nanos) {
    Pace pace = messages;
    return pace != null ? pace : first(nanos);
  }

  private synchronized Pace first(long nanos) {
    Pace pace = messages;
    if (pace == null) {
      pace = new Pace(nanos);
      messages = pace;
    }
    return pace;
  }

  /** How many clients' messages are remembered, roughly. */
  long remembered() {
    messagesOfClients.cleanUp();
    return messagesOfClients.estimatedSize();
  }
}
