package io.posthouse.rules;

import io.posthouse.policy.DataGroups;
import io.posthouse.smtp.Path;
import java.util.Locale;

/** A sender or recipient as conditions see it. */
record Mailbox(Path path, DataGroups groups) {
  /** Its address in lower case, without quotes; empty for the sender of a bounce. */
  String address() {
    String local = path.localPart().toLowerCase(Locale.ROOT);
    String domain = domain();
    return domain.isEmpty() ? local : local + '@' + domain;
  }

  /** Its domain in A-labels and lower case; empty where there is none. */
  String domain() {
    return Spelling.ofDomain(path.domain());
  }

  /** Whether its domain is in a data group that was checked to be one of domains. */
  boolean isIn(String group) {
    return groups.domains(group).contains(domain());
  }
}
