package io.posthouse.path;

import io.posthouse.path.PathFinding.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ways that ended alike, of one member or of some, and all that they are compared with.
 *
 * @param these at least one
 * @param all every way to the same addresses of members
 */
record Compared(List<WalkedWay> these, List<WalkedWay> all) {
  private static final int MOST_NAMED = 5;

  /** What members do not have alike for what lies between. */
  private static final Set<Kind> OURS =
      EnumSet.of(
          Kind.UNKNOWN_NAME, Kind.CANNOT_LEAVE, Kind.SOURCE_ELSEWHERE, Kind.FAILED, Kind.NOT_TRIED);

  /** Copies both. */
  Compared {
    these = List.copyOf(these);
    all = List.copyOf(all);
  }

  /** The same with others. */
  Compared and(Compared other) {
    return new Compared(both(these, other.these), both(all, other.all));
  }

  private static List<WalkedWay> both(List<WalkedWay> some, List<WalkedWay> others) {
    return Stream.concat(some.stream(), others.stream()).distinct().toList();
  }

  /** The addresses that they leave from, all of them. */
  String from() {
    return String.join(", ", addresses(these));
  }

  /** The addresses that they leave from, as many as people read. */
  String sources() {
    return named(addresses(these));
  }

  /** Other addresses of ours, of which something holds; empty for none. */
  String others(Predicate<Attempt> what) {
    return named(
        addresses(
            all.stream()
                .filter(each -> !these.contains(each) && what.test(each.attempt()))
                .toList()));
  }

  private static List<String> addresses(List<WalkedWay> ways) {
    return ways.stream().map(WalkedWay::from).distinct().toList();
  }

  private static String named(List<String> all) {
    int more = all.size() - MOST_NAMED;
    return all.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and %d more".formatted(more) : "");
  }

  /** The member's host; where there are some, that of the first. */
  String host() {
    return first().way().address().host();
  }

  /** Its port. */
  int port() {
    return first().way().address().port();
  }

  /** The first of them. */
  WalkedWay first() {
    return these.getFirst();
  }

  /** What was said on the first of them. */
  String said() {
    return first().attempt().said();
  }

  /** A finding about them. */
  PathFinding finding(Kind kind, String problem, String remedy) {
    List<String> targets = these.stream().map(WalkedWay::target).distinct().toList();
    String subject = "%s from %s".formatted(named(targets), sources());
    long members = these.stream().map(each -> each.way().path()).distinct().count();
    String together =
        members == 1 || OURS.contains(kind)
            ? ""
            : " It is so with %d members: look first at what they share, a gateway or a firewall."
                .formatted(members);
    return new PathFinding(kind, subject, problem + together, remedy);
  }
}
