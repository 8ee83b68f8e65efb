package io.posthouse.config;

import io.posthouse.model.AuditSettings.Acceptance;
import io.posthouse.model.Spelled;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks that whoever accepts a finding of the audit says why, and once. */
final class AuditChecks {
  private AuditChecks() {}

  static void check(Draft draft) {
    String list = "audit.accept";
    List<Acceptance> accepted = draft.configuration().audit().accept();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < accepted.size(); i++) {
      Acceptance each = accepted.get(i);
      String path = draft.places().item(list, i);
      String reason = Places.path(path, "reason");
      if (draft.places().good(reason) && each.reason().isBlank()) {
        draft.error(reason, "is empty; say why the finding is meant, for whoever asks next");
      }
      boolean good = draft.places().good(path + ".finding") && draft.places().good(path + ".of");
      if (good && !seen.add(each.finding() + " " + each.of())) {
        draft.error(
            path,
            Spelled.of(each.finding())
                + " of "
                + Words.quote(each.of())
                + " is accepted twice; remove one");
      }
    }
  }
}
