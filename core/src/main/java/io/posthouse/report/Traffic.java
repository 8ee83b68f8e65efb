package io.posthouse.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Traffic that was counted.
 *
 * @param senders the clients that brought most; in the order of what is certain of them, where this
 *     is a sum or a difference
 * @param unlisted what a client that is not among them may have brought at most
 */
public record Traffic(Map<TrafficKey, TrafficSums> sums, List<SenderCount> senders, long unlisted) {
  /** Senders that are told. */
  static final int MOST_SENDERS = 1_000;

  /** Nothing. */
  public static final Traffic NONE = new Traffic(Map.of(), List.of(), 0);

  /** Copies both; sorts nothing, since loops make it. */
  public Traffic {
    sums = Map.copyOf(sums);
    senders = List.copyOf(senders);
  }

  /** The same with its senders in their order, and no more of them than are told. */
  private Traffic ranked() {
    List<SenderCount> sorted = new ArrayList<>(senders);
    sorted.sort(SenderCount.order());
    int told = Math.min(MOST_SENDERS, sorted.size());
    long most = unlisted;
    for (SenderCount each : sorted.subList(told, sorted.size())) {
      most = Math.max(most, each.most());
    }
    return new Traffic(sums, sorted.subList(0, told), most);
  }

  /** That of all loops together. */
  public static Traffic sum(List<Traffic> loops) {
    Map<TrafficKey, TrafficSums> sums = new HashMap<>();
    Map<SenderKey, SenderCount> senders = new LinkedHashMap<>();
    long unlisted = loops.stream().mapToLong(Traffic::unlisted).sum();
    for (Traffic each : loops) {
      each.sums.forEach((way, its) -> sums.merge(way, its, TrafficSums::plus));
      for (SenderCount one : each.senders) {
        // Where it has no place it may have brought as much as anybody without one.
        SenderCount before =
            senders.getOrDefault(one.key(), new SenderCount(one.key(), 0, unlisted));
        senders.put(
            one.key(),
            new SenderCount(
                one.key(),
                before.least() + one.least(),
                before.most() + one.most() - each.unlisted));
      }
    }
    return new Traffic(sums, List.copyOf(senders.values()), unlisted).ranked();
  }

  /** What came since; the keys of before must be here still. */
  Traffic since(Traffic before) {
    Map<TrafficKey, TrafficSums> came = new HashMap<>();
    sums.forEach(
        (way, its) -> came.put(way, its.minus(before.sums.getOrDefault(way, TrafficSums.NONE))));
    Map<SenderKey, SenderCount> known = new HashMap<>();
    before.senders.forEach(each -> known.put(each.key(), each));
    List<SenderCount> sent = new ArrayList<>();
    for (SenderCount now : senders) {
      SenderCount then =
          known.getOrDefault(now.key(), new SenderCount(now.key(), 0, before.unlisted));
      long most = now.most() - then.least();
      if (most > 0) {
        sent.add(new SenderCount(now.key(), Math.max(0, now.least() - then.most()), most));
      }
    }
    return new Traffic(came, sent, unlisted).ranked();
  }

  /** Whether it can have come out of the other by counting on. */
  boolean follows(Traffic before) {
    return before.sums.entrySet().stream()
        .allMatch(
            each -> sums.getOrDefault(each.getKey(), TrafficSums.NONE).follows(each.getValue()));
  }

  /** All of it together. */
  public TrafficSums total() {
    return sums.values().stream().reduce(TrafficSums.NONE, TrafficSums::plus);
  }
}
