package io.posthouse.audit;

import io.posthouse.model.AuditSettings.Acceptance;
import io.posthouse.model.Configuration;
import io.posthouse.model.FindingKind;
import io.posthouse.policy.DataGroups;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * What was found, and what of it is meant.
 *
 * @param findings by heading, the worst first
 * @param stale acceptances that no finding fits, although it was looked for
 */
public record Audit(List<Finding> findings, List<Acceptance> stale) {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::heading)
          .thenComparing(Finding::severity)
          .thenComparing(Finding::kind)
          .thenComparing(Finding::subject);

  /** Copies both. */
  public Audit {
    findings = List.copyOf(findings);
    stale = List.copyOf(stale);
  }

  /** Looks at a configuration that {@code check} finds good, and at its lists. */
  public static Audit of(Configuration configuration, DataGroups groups, KernelChoice kernel) {
    Audited audited = Audited.of(configuration, groups, kernel);
    List<Finding> found = new ArrayList<>();
    found.addAll(RelayFindings.of(audited));
    found.addAll(SourceFindings.of(audited));
    found.addAll(LimitFindings.of(audited));
    found.addAll(MethodFindings.of(audited));
    found.addAll(PriorityFindings.of(audited));
    found.addAll(ProbeFindings.of(audited));
    Set<FindingKind> lookedFor = EnumSet.allOf(FindingKind.class);
    lookedFor.removeIf(FindingKind::isLive);
    return judged(configuration, found, lookedFor);
  }

  /**
   * What the file says of findings, whoever found them.
   *
   * @param lookedFor the kinds that would be among them
   */
  public static Audit judged(
      Configuration configuration, List<Finding> found, Set<FindingKind> lookedFor) {
    List<Acceptance> accepted = configuration.audit().accept();
    List<Finding> judged =
        found.stream().map(finding -> judged(finding, accepted)).sorted(ORDER).toList();
    List<Acceptance> stale =
        accepted.stream()
            .filter(each -> lookedFor.contains(each.finding()))
            .filter(each ->
                found.stream().noneMatch(finding -> each.fits(finding.kind(), finding.subject())))
            .toList();
    return new Audit(judged, stale);
  }

  private static Finding judged(Finding finding, List<Acceptance> accepted) {
    return accepted.stream()
        .filter(each -> each.fits(finding.kind(), finding.subject()))
        .findFirst()
        .map(each -> finding.accepted(each.reason()))
        .orElse(finding);
  }

  /** The same with the lines of its findings; where a key stands is asked for each. */
  public Audit located(ToIntFunction<String> lines) {
    List<Finding> located =
        findings.stream().map(finding -> finding.atLine(lines.applyAsInt(finding.key()))).toList();
    return new Audit(located, stale);
  }

  /** Those that nobody has accepted. */
  public List<Finding> open() {
    return findings.stream().filter(finding -> finding.accepted() == null).toList();
  }
}
