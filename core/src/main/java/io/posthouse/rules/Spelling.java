package io.posthouse.rules;

import io.posthouse.policy.DomainText;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The one spelling of what conditions compare: names and addresses in lower case, domains in
 * A-labels. So nobody dodges a rule by another one.
 */
final class Spelling {
  private static final Set<String> FOLDED =
      Set.of(
          "helo",
          "client.name",
          "sender.address",
          "sender.domain",
          "recipient.address",
          "recipient.domain");

  private Spelling() {}

  /** Of a domain in lower case; what is none stays. */
  static String ofDomain(String domain) {
    String folded = DomainText.folded(domain);
    return folded == null ? domain : folded;
  }

  /**
   * Why a text, or a part of one, is never found in what a name stands for; empty when it may be.
   */
  static Optional<String> problem(String name, String text) {
    boolean lower = text.equals(text.toLowerCase(Locale.ROOT));
    boolean address = name.endsWith(".address") && text.indexOf('@') >= 0;
    String domain = text.substring(address ? text.lastIndexOf('@') + 1 : 0);
    boolean other = (address || name.endsWith(".domain")) && !DomainText.isAscii(domain);
    if (!FOLDED.contains(name) || (lower && !other)) {
      return Optional.empty();
    }
    String remedy = other ? "write its A-labels, such as xn--bcher-kva.example" : "write it so";
    return Optional.of(
        "is never found: " + name + " is in lower case, domains in A-labels; " + remedy);
  }
}
