package io.posthouse.backend;

import io.posthouse.smtp.EhloKeywords;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a virtual server offers to a client that says EHLO (RFC 5321 section 4.1.1.1): our own
 * extensions, which end with us, and those of the members that every eligible one has.
 */
final class Offer {
  /** Extensions that a message needs all the way to its member. */
  private static final List<String> END_TO_END =
      List.of("8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "BINARYMIME");

  private Offer() {}

  /**
   * Merges what members offer.
   *
   * @param members what each eligible member was heard to offer; null for one not heard yet
   * @param assumed what such a one is taken to offer
   * @param ownSize our own limit of a message, 0 for none
   * @param ownRecipients our own limit of recipients
   */
  static EhloKeywords of(
      Collection<@Nullable EhloKeywords> members,
      Set<String> assumed,
      long ownSize,
      int ownRecipients) {
    Map<String, String> offered = new LinkedHashMap<>();
    offered.put("PIPELINING", "");
    long size = smallest(members, "SIZE", "", ownSize);
    offered.put("SIZE", size == 0 ? "" : Long.toString(size));
    offered.put("ENHANCEDSTATUSCODES", "");
    for (String keyword : END_TO_END) {
      boolean all =
          !members.isEmpty()
              && members.stream()
                  .allMatch(m -> m == null ? assumed.contains(keyword) : m.has(keyword));
      if (all && (!keyword.equals("BINARYMIME") || offered.containsKey("CHUNKING"))) {
        offered.put(keyword, "");
      }
    }
    offered.put("LIMITS", "RCPTMAX=" + smallest(members, "LIMITS", "RCPTMAX=", ownRecipients));
    return new EhloKeywords(offered);
  }

  /** The smallest number that stands behind a keyword; 0 or nothing is no limit. */
  private static long smallest(
      Collection<@Nullable EhloKeywords> members, String keyword, String prefix, long own) {
    long smallest = own;
    for (EhloKeywords member : members) {
      long limit = member == null ? 0 : number(member.parametersOf(keyword).orElse(""), prefix);
      if (limit > 0 && (smallest == 0 || limit < smallest)) {
        smallest = limit;
      }
    }
    return smallest;
  }

  private static long number(String text, String prefix) {
    for (String word : text.split(" ", -1)) {
      if (word.startsWith(prefix) && word.length() > prefix.length()) {
        try {
          return Long.parseLong(word.substring(prefix.length()));
        } catch (NumberFormatException notANumber) {
          return 0;
        }
      }
    }
    return 0;
  }
}
