package io.posthouse.net;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.posthouse.door.Ticker;
import io.posthouse.edge.Answer;
import io.posthouse.edge.Kept;
import io.posthouse.edge.Lookup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers of DNS, for what is asked about clients: a cache that all loops share, and behind it the
 * questions of each loop ({@link LoopDns}).
 *
 * <p>Answers are kept as long as DNS says, within bounds, and at most {@value #MOST_OCTETS} octets
 * of them, since clients choose much of what is asked and said. What failed is kept for a few
 * seconds, so that nobody waits for it again at once.
 */
public final class Dns {
  private static final int MOST_OCTETS = 32 << 20;

  /** What an answer takes besides what it holds, with its place in the cache. */
  private static final int ENTRY = 300;

  private static final int ADDRESS = 150;
  private static final int TEXT = 60;

  private final Ticker ticker;
  private final Map<Loop, LoopDns> loops = new HashMap<>();
  private final LongAdder asked = new LongAdder();
  private final Cache<Lookup, Kept> answers;
  private volatile List<InetSocketAddress> resolvers = List.of();

  /**
   * A cache for all loops.
   *
   * @param queryMillis how long one DNS server may take
   */
  public Dns(Loops loops, Ticker ticker, long queryMillis) {
    this.ticker = ticker;
    answers =
        Caffeine.newBuilder()
            .maximumWeight(MOST_OCTETS)
            .weigher(Dns::octets)
            .expireAfter(
                Expiry.<Lookup, Kept>writing(
                    (_, kept) -> Duration.ofNanos(kept.until() - ticker.nanos())))
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
    for (Loop loop : loops.all()) {
      this.loops.put(loop, new LoopDns(this, loop, queryMillis));
    }
  }

  /**
   * Asks others from now on. The first time takes a while (classes are loaded), so it is not for
   * loops.
   */
  public void use(List<InetSocketAddress> servers) {
    if (!servers.equals(resolvers)) {
      resolvers = List.copyOf(servers);
      answers.invalidateAll();
      loops.values().forEach(LoopDns::prepare);
    }
  }

  List<InetSocketAddress> resolvers() {
    return resolvers;
  }

  /** What is known already; null when DNS must be asked. From any loop. */
  public @Nullable Kept known(Lookup lookup) {
    // Quietly: a link reads some ten answers, and which was read last matters little here.
    return answers.policy().getIfPresentQuietly(lookup);
  }

  /**
   * Asks, on the loop's thread; the answer comes on it too, later, unless the question is taken
   * back.
   */
  public void ask(Loop loop, Lookup lookup, Consumer<Answer> then) {
    of(loop).ask(lookup, then);
  }

  /** Takes a question back, on the loop's thread: its asker is gone. */
  public void forget(Loop loop, Lookup lookup, Consumer<Answer> then) {
    of(loop).forget(lookup, then);
  }

  void keep(Lookup lookup, Answer answer, long seconds) {
    long until = ticker.nanos() + Duration.ofSeconds(seconds).toNanos();
    Kept kept = new Kept(answer, until);
    if (answer.kind() == Answer.Kind.FAILED) {
      answers.asMap().putIfAbsent(lookup, kept);
    } else {
      answers.put(lookup, kept);
    }
  }

  void asked() {
    asked.increment();
  }

  /** How many questions went to DNS servers. */
  public long questions() {
    return asked.sum();
  }

  private static int octets(Lookup lookup, Kept kept) {
    int octets = ENTRY + lookup.name().length() + kept.answer().addresses().size() * ADDRESS;
    for (String name : kept.answer().names()) {
      octets += TEXT + name.length();
    }
    return octets;
  }

  private LoopDns of(Loop loop) {
    LoopDns of = loops.get(loop);
    if (of == null) {
      throw new AssertionError("a loop of somebody else");
    }
    return of;
  }
}
