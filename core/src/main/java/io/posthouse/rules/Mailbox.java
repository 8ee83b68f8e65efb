package io.posthouse.rules;

import io.posthouse.policy.DataGroups;
import io.posthouse.smtp.Path;

/** A sender or recipient as conditions see it. */
record Mailbox(Path path, DataGroups groups) {
  /** Its address, the domain in lower case; empty for the sender of a bounce. */
  String address() {
    String text = path.unicode();
    return text.substring(0, text.lastIndexOf('@') + 1) + (text.indexOf('@') < 0 ? text : domain());
  }

  /** Its domain in lower case; empty where there is none. */
  String domain() {
    return path.domain();
  }

  /** Whether its domain is in a data group that was checked to be one of domains. */
  boolean isIn(String group) {
    return groups.domains(group).contains(domain());
  }
}
