package io.posthouse.policy;

import io.posthouse.model.DataGroup;
import java.util.Optional;

/**
 * What may stand in a data group, in the configuration file and in a list file alike: addresses and
 * prefixes without host bits, or domains and {@code .domains}.
 */
public final class EntrySyntax {
  private EntrySyntax() {}

  /** What is wrong with an entry and what to write instead; empty for a good one. */
  public static Optional<String> problem(DataGroup.Type type, String text) {
    return switch (type) {
      case ADDRESS -> address(text);
      case DOMAIN -> domain(text);
    };
  }

  /** The form in which equal entries are equal; of a good entry. */
  public static String folded(DataGroup.Type type, String text) {
    return switch (type) {
      case ADDRESS -> Prefix.parse(text).orElseThrow().network();
      case DOMAIN -> foldedDomain(text).orElseThrow();
    };
  }

  private static Optional<String> address(String text) {
    Optional<Prefix> prefix = Prefix.parse(text);
    if (prefix.isPresent()) {
      return prefix
          .filter(each -> !each.isNetwork())
          .map(each -> "has bits behind its prefix; write " + each.network());
    } else if (text.indexOf('%') > 0) {
      return Optional.of("has a zone; write the address without it");
    }
    return Optional.of(
        "is no address and no prefix; write one such as 172.16.51.21, 10.20.0.0/16 or"
            + " \"2001:db8:20::/48\"");
  }

  private static Optional<String> domain(String text) {
    if (foldedDomain(text).isPresent()) {
      return Optional.empty();
    }
    String rest = text.replaceFirst("^[*@.]+", "").replaceFirst("\\.$", "");
    if (DomainText.folded(rest) == null) {
      return Optional.of(
          "is no domain; write one such as contoso.com, or .contoso.com for all below it");
    } else if (text.startsWith("*.")) {
      return Optional.of("has a wildcard; write ." + rest + " for all domains below " + rest);
    }
    return Optional.of("is no domain; write " + rest);
  }

  /** The domain in its one form, with the dot in front of it if it has one. */
  static Optional<String> foldedDomain(String text) {
    String dot = text.startsWith(".") ? "." : "";
    return Optional.ofNullable(DomainText.folded(text.substring(dot.length())))
        .map(folded -> dot + folded);
  }
}
