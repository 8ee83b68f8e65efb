package io.posthouse.rules;

import io.posthouse.policy.DataGroups;
import io.posthouse.smtp.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A sender or recipient as conditions see it. Several conditions ask for the same, so it is spelled
 * once; the link's loop is the only one to ask.
 */
public final class Mailbox {
  private final Path path;
  private final DataGroups groups;
  private @Nullable String domain;
  private @Nullable String address;

  Mailbox(Path path, DataGroups groups) {
    this.path = path;
    this.groups = groups;
  }

  /** As it came. */
  public String text() {
    return path.text();
  }

  /** Its address in lower case, without quotes; empty for the sender of a bounce. */
  String address() {
    String spelled = address;
    if (spelled == null) {
      String local = path.localPart().toLowerCase(Locale.ROOT);
      spelled = domain().isEmpty() ? local : local + '@' + domain();
      address = spelled;
    }
    return spelled;
  }

  /** Its domain in A-labels and lower case; empty where there is none. */
  String domain() {
    String spelled = domain;
    if (spelled == null) {
      spelled = Spelling.ofDomain(path.domain());
      domain = spelled;
    }
    return spelled;
  }

  /** Whether its domain is in a data group that was checked to be one of domains. */
  boolean isIn(String group) {
    return groups.domains(group).contains(domain());
  }
}
