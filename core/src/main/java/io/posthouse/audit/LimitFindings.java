package io.posthouse.audit;

import io.posthouse.model.Endpoint;
import io.posthouse.model.FindingKind;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bounds on connections that meet another bound first. */
final class LimitFindings {
  /** The ports that one address has towards one member, if nobody has set others. */
  private static final int PORTS = 28_232;

  private final Audited audited;
  private final Map<String, Finding> found = new LinkedHashMap<>();

  private LimitFindings(Audited audited) {
    this.audited = audited;
  }

  static List<Finding> of(Audited audited) {
    LimitFindings findings = new LimitFindings(audited);
    audited.flows().forEach(findings::ports);
    audited.configuration().virtualServers().values().forEach(findings::members);
    return new ArrayList<>(findings.found.values());
  }

  private void ports(Flow flow) {
    if (flow.source() instanceof Source.Transparent) {
      return;
    }
    for (Member member : flow.pool().members().values()) {
      Endpoint target = flow.of().address(member);
      int addresses = flow.sources(target, KernelChoice.UNKNOWN).size();
      long ports = (long) addresses * PORTS;
      if (member.maxConnections() > ports) {
        String subject = flow.pool().name() + "/" + member.name();
        found.putIfAbsent("ports " + subject, ports(flow, member, subject, addresses, ports));
      }
    }
  }

  private static Finding ports(
      Flow flow, Member member, String subject, int addresses, long ports) {
    return Finding.of(
        FindingKind.SOURCE_PORTS,
        Severity.MEDIUM,
        subject,
        KeyPath.of("pools", flow.pool().name(), "members", member.name(), "max-connections"),
        "%s may have %d connections, but %s comes to it from %d address%s, which %s %d source ports towards it."
            .formatted(
                subject,
                member.maxConnections(),
                flow.label(),
                addresses,
                addresses == 1 ? "" : "es",
                addresses == 1 ? "has" : "have",
                ports),
        "When they are used up, mail is refused with 451 although the member would take it.",
        "Give the class a SNAT pool with %d addresses, or lower max-connections to %d."
            .formatted((member.maxConnections() + PORTS - 1) / PORTS, ports));
  }

  /** Mode smtp holds a connection only while a message is under way. */
  private void members(VirtualServer server) {
    Map<String, List<Flow>> byPool = new LinkedHashMap<>();
    audited.flows().stream()
        .filter(flow -> flow.server().equals(server) && !flow.isSmtp() && flow.rules().isEmpty())
        .forEach(
            flow -> byPool.computeIfAbsent(flow.pool().name(), _ -> new ArrayList<>()).add(flow));
    byPool.values().forEach(flows -> members(server, flows));
  }

  private void members(VirtualServer server, List<Flow> flows) {
    Pool pool = flows.getFirst().pool();
    long most = most(pool);
    long admitted = admitted(server, flows);
    if (most == 0 || admitted == 0 || admitted <= most) {
      return;
    }
    String subject = server.name() + " to " + pool.name();
    found.put(
        "members " + subject,
        Finding.of(
            FindingKind.MEMBER_LIMIT,
            Severity.LOW,
            subject,
            KeyPath.of("pools", pool.name(), "members"),
            "%s lets %d links in to the pool %s, whose members take %d connections."
                .formatted(server.name(), admitted, pool.name(), most),
            "The others wait in the pool's queue (%d of them, for %d s) and are then refused, although they were let in."
                .formatted(pool.queue().length(), pool.queue().timeout().toSeconds()),
            "Lower max-connections of %s, or limits.connections of its classes, to %d, or raise those of the members."
                .formatted(server.name(), most)));
  }

  /** What the members take together; 0 for any number. */
  private static long most(Pool pool) {
    boolean bounded = pool.members().values().stream().allMatch(each -> each.maxConnections() > 0);
    return bounded ? pool.members().values().stream().mapToLong(Member::maxConnections).sum() : 0;
  }

  /** The links that may come to a pool; 0 for any number. */
  private static long admitted(VirtualServer server, List<Flow> flows) {
    boolean bounded = flows.stream().allMatch(flow -> flow.of().limits().connections() > 0);
    long ofClasses =
        bounded ? flows.stream().mapToLong(flow -> flow.of().limits().connections()).sum() : 0;
    long ofServer = server.maxConnections();
    return ofClasses == 0 || ofServer == 0
        ? Math.max(ofClasses, ofServer)
        : Math.min(ofClasses, ofServer);
  }
}
