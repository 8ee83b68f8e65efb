package io.posthouse.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What an administrator is told of the traffic: the counts, and what they mean.
 *
 * @param started when the process started, which is where its counters begin
 * @param from the begin of what is told
 * @param until its end
 * @param classes what is served now
 * @param members who is there to do it
 */
public record Report(
    Instant started,
    Instant from,
    Instant until,
    List<ServedClass> classes,
    List<MemberWeight> members,
    Traffic traffic) {

  /** Copies the lists. */
  public Report {
    classes = List.copyOf(classes);
    members = List.copyOf(members);
  }

  /**
   * What came between an earlier report and this one.
   *
   * @throws NotComparableException when the earlier one is not of the same counters
   */
  public Report since(Report before) {
    if (!before.started.equals(started)) {
      throw new NotComparableException(
          "Posthouse was started at %s, and the earlier report is of one that started at %s: counters"
                  .formatted(started, before.started)
              + " begin anew with each start; save a new report now and compare with that one later");
    } else if (!before.from.equals(before.started)) {
      throw new NotComparableException(
          "the earlier report is a difference itself; compare with one that was saved without --since");
    } else if (before.until.isAfter(until) || !traffic.follows(before.traffic)) {
      throw new NotComparableException(
          "the counts of the earlier report are not below those of now: it was changed, or is of another"
              + " Posthouse; save a new report now and compare with that one later");
    }
    List<ServedClass> came = new ArrayList<>();
    for (ServedClass now : classes) {
      long links =
          before.classes.stream()
              .filter(then -> isSame(now, then))
              .mapToLong(ServedClass::links)
              .sum();
      came.add(
          new ServedClass(
              now.server(),
              now.mode(),
              now.clientClass(),
              now.pool(),
              now.since().isBefore(before.until) ? before.until : now.since(),
              Math.max(0, now.links() - links)));
    }
    return new Report(started, before.until, until, came, members, traffic.since(before.traffic));
  }

  private static boolean isSame(ServedClass one, ServedClass other) {
    return one.server().equals(other.server()) && one.clientClass().equals(other.clientClass());
  }

  /** The sums of what fits. */
  private TrafficSums sums(Predicate<TrafficKey> which) {
    TrafficSums sums = TrafficSums.NONE;
    for (Map.Entry<TrafficKey, TrafficSums> each : traffic.sums().entrySet()) {
      sums = which.test(each.getKey()) ? sums.plus(each.getValue()) : sums;
    }
    return sums;
  }

  /** The work of a virtual server. */
  public long workOf(String server) {
    return sums(way -> way.server().equals(server)).work();
  }

  /** Each class, that with most work first. */
  public List<ClassSum> byClass() {
    Map<String, TrafficSums> sums = new TreeMap<>();
    classes.forEach(each -> sums.put(each.clientClass(), TrafficSums.NONE));
    traffic.sums().forEach((way, its) -> sums.merge(way.clientClass(), its, TrafficSums::plus));
    long all = traffic.total().work();
    List<ClassSum> byClass = new ArrayList<>();
    sums.forEach((name, its) -> byClass.add(new ClassSum(name, its, part(its.work(), all))));
    byClass.sort(Comparator.comparingLong((ClassSum each) -> each.sums().work()).reversed());
    return byClass;
  }

  /** Each member's share of the work, against that of the weight in its priority group. */
  public List<MemberShare> shares() {
    Map<MemberWeight, TrafficSums> sums = new LinkedHashMap<>();
    members.forEach(each -> sums.put(each, of(each)));
    List<MemberShare> shares = new ArrayList<>();
    sums.forEach((member, its) -> {
      long work = 0;
      long weight = 0;
      for (MemberWeight other : members) {
        if (other.pool().equals(member.pool()) && other.priority() == member.priority()) {
          work += sums.getOrDefault(other, TrafficSums.NONE).work();
          weight += other.weight();
        }
      }
      shares.add(
          new MemberShare(member, its, part(its.work(), work), part(member.weight(), weight)));
    });
    return shares;
  }

  private TrafficSums of(MemberWeight member) {
    return sums(way -> way.pool().equals(member.pool()) && way.member().equals(member.member()));
  }

  /** Which virtual servers, and classes of others, brought no work. */
  public List<Quiet> quiet() {
    List<Quiet> quiet = new ArrayList<>();
    for (String server : classes.stream().map(ServedClass::server).distinct().toList()) {
      List<ServedClass> its =
          classes.stream().filter(each -> each.server().equals(server)).toList();
      if (workOf(server) == 0) {
        Instant since = its.stream().map(ServedClass::since).min(Instant::compareTo).orElse(from);
        quiet.add(new Quiet(server, "", since, its.stream().mapToLong(ServedClass::links).sum()));
        continue;
      }
      for (ServedClass each : its) {
        if (sums(way -> way.server().equals(server) && way.clientClass().equals(each.clientClass()))
                .work()
            == 0) {
          quiet.add(new Quiet(server, each.clientClass(), each.since(), each.links()));
        }
      }
    }
    return quiet;
  }

  /** What source persistence would do, for each pool of several members that had work. */
  public List<Sticking> sticking() {
    List<Sticking> all = new ArrayList<>();
    for (String pool : members.stream().map(MemberWeight::pool).distinct().toList()) {
      List<MemberWeight> its = members.stream().filter(each -> each.pool().equals(pool)).toList();
      long work = sums(way -> way.pool().equals(pool)).work();
      if (its.size() > 1 && work > 0) {
        MemberWeight busiest =
            its.stream().max(Comparator.comparingLong(each -> of(each).work())).orElseThrow();
        all.add(
            new Sticking(
                pool,
                busiest.member(),
                part(of(busiest).work(), work),
                Math.max(1.0 / its.size(), part(togetherAtLeast(pool, its.size()), work))));
      }
    }
    return all;
  }

  /**
   * What one of so many members has at least, if each client has one: as much as the largest client
   * brings; and as one client more than there are members must meet another, as much as the two
   * smallest of those bring.
   */
  private long togetherAtLeast(String pool, int members) {
    List<Long> clients =
        traffic.senders().stream()
            .filter(each -> each.key().pool().equals(pool))
            .map(SenderCount::least)
            .sorted(Comparator.reverseOrder())
            .toList();
    long largest = clients.isEmpty() ? 0 : clients.getFirst();
    long two = clients.size() > members ? clients.get(members - 1) + clients.get(members) : 0;
    return Math.max(largest, two);
  }

  /** A part of a whole; 0 where there is none. */
  public static double part(long of, long whole) {
    return whole == 0 ? 0 : (double) of / whole;
  }
}
