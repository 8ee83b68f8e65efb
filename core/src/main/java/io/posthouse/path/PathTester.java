package io.posthouse.path;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes the ways of what runs. Blocking; from any thread. */
public interface PathTester {
  /** For all ways of one pool, or one virtual server, together. */
  Duration LONGEST = Duration.ofMinutes(2);

  /** What there is to try, in the order of the file. */
  Plan plan();

  /**
   * Tries the ways to the members of a pool, or to one. An unchecked exception says that there is
   * none of that name.
   */
  Members members(String pool, @Nullable String member);

  /** Looks at the addresses of a virtual server; an unchecked exception, as before. */
  Vips server(String name);

  /** All that can be tried. */
  record Plan(List<PoolPlan> pools, List<ServerPlan> servers) {}

  /** A pool, and its members. */
  record PoolPlan(String name, List<MemberPlan> members) {}

  /** A member, and how many ways there are to it. */
  record MemberPlan(String name, int ways) {}

  /** A virtual server, and the pools that its clients may come to. */
  record ServerPlan(String name, Set<String> pools) {}

  /** What became of the ways to members, and what it means. */
  record Members(List<WalkedWay> ways, List<PathFinding> findings) {}

  /** What is known of a virtual server's addresses, and what it means. */
  record Vips(List<Vip> addresses, List<PathFinding> findings) {}
}
