package io.posthouse.model;

import java.util.List;

/** What is known of the findings of {@code posthouse audit}. */
public record AuditSettings(
    @Key(
            value = "Findings that are meant; they stay listed, with the reason",
            fallback = "[]",
            example =
                "[{ finding: source-persistence, of: SMTP_VS, reason: \"keeps sessions of an old device"
                    + " together\" }]")
        List<Acceptance> accept) {

  /** One finding that is meant. */
  public record Acceptance(
      @Key(value = "What was found", example = "source-persistence") FindingKind finding,
      @Key(value = "What it is about, as the audit names it", example = "SMTP_VS") String of,
      @Key(value = "Why it is meant", example = "an old device needs it") String reason) {

    /** Whether it is about that one. */
    public boolean fits(FindingKind kind, String subject) {
      return finding == kind && of.equals(subject);
    }
  }

  /** Whether a finding is meant. */
  public boolean accepts(FindingKind kind, String subject) {
    return accept.stream().anyMatch(each -> each.fits(kind, subject));
  }
}
