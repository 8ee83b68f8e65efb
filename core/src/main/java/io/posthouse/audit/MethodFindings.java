package io.posthouse.audit;

import io.posthouse.model.BalanceMethod;
import io.posthouse.model.ClientClass;
import io.posthouse.model.ClientClass.ClassPersistence.By;
import io.posthouse.model.FindingKind;
import io.posthouse.model.Pool;
import io.posthouse.policy.DataGroups;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Work that goes where the client's address says, and not where there is room. */
final class MethodFindings {
  /** With so few addresses each is much of the mail. */
  private static final int FEW = 64;

  private final Audited audited;
  private final Map<String, Finding> found = new LinkedHashMap<>();

  private MethodFindings(Audited audited) {
    this.audited = audited;
  }

  static List<Finding> of(Audited audited) {
    MethodFindings findings = new MethodFindings(audited);
    audited.flows().stream()
        .filter(flow -> flow.pool().members().size() > 1)
        .forEach(findings::flow);
    return List.copyOf(findings.found.values());
  }

  private void flow(Flow flow) {
    ClientClass.ClassPersistence own = flow.of().persistence();
    if (own != null && own.by() != By.NONE) {
      persistence(flow, flow.className(), flow.classKey("persistence"));
    } else if (own == null && flow.server().persistence() != null) {
      String server = flow.server().name();
      persistence(flow, server, KeyPath.of("virtual-servers", server, "persistence"));
    }
    if (flow.pool().balance() == BalanceMethod.SOURCE_HASH) {
      hash(flow.pool());
    }
  }

  private void persistence(Flow flow, String subject, String key) {
    int members = flow.pool().members().size();
    found.putIfAbsent(
        "persistence " + subject,
        Finding.of(
            FindingKind.SOURCE_PERSISTENCE,
            Severity.MEDIUM,
            subject,
            key,
            "%s keeps each client with one member of %s by its address.%s"
                .formatted(subject, flow.pool().name(), few(flow)),
            "A gateway sends all of its mail from one or two addresses, so all of it goes to one of %d members, whatever weights and method say, for as long as it keeps coming. If that one is short of resources, all of its mail waits."
                .formatted(members),
            "Write persistence: none; SMTP needs none, for every message stands for itself."));
  }

  private String few(Flow flow) {
    DataGroups groups = audited.groups();
    if (flow.of().from().contains(ClientClass.ANY)) {
      return "";
    }
    int entries = flow.of().from().stream().mapToInt(each -> groups.addresses(each).size()).sum();
    return entries > FEW
        ? ""
        : " The class %s has %d entr%s."
            .formatted(flow.className(), entries, entries == 1 ? "y" : "ies");
  }

  private void hash(Pool pool) {
    found.putIfAbsent(
        "hash " + pool.name(),
        Finding.of(
            FindingKind.SOURCE_HASH,
            Severity.LOW,
            pool.name(),
            KeyPath.of("pools", pool.name(), "balance"),
            "%s gives each client's address one member (balance: source-hash)."
                .formatted(pool.name()),
            "All mail of a gateway goes to one of %d members, and weights hold only where there are very many clients."
                .formatted(pool.members().size()),
            "Write balance: round-robin, or least-messages in mode smtp."));
  }
}
