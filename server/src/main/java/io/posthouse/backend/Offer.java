package io.posthouse.backend;

import io.posthouse.model.Capability;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.session.Mechanisms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a virtual server offers to a client that says EHLO (RFC 5321 section 4.1.1.1): our own
 * extensions, which end with us, and those of the members that every eligible one has.
 */
record Offer(Parts parts, EhloKeywords keywords) {
  /** Extensions that a message needs all the way to its member. */
  private static final List<String> END_TO_END =
      List.of("8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "BINARYMIME");

  /**
   * What an offer is made of.
   *
   * @param members what each eligible member was heard to offer; null for one not heard yet
   * @param assumed what such a one is taken to offer
   * @param takesLogins whether AUTH of a client could be passed on to a member
   * @param ownSize our own limit of a message, 0 for none
   * @param ownRecipients our own limit of recipients
   */
  record Parts(
      List<@Nullable EhloKeywords> members,
      List<Capability> assumed,
      boolean takesLogins,
      long ownSize,
      int ownRecipients) {

    private boolean allHave(String keyword) {
      for (EhloKeywords member : members) {
        if (member == null ? !isAssumed(keyword) : !member.has(keyword)) {
          return false;
        }
      }
      return !members.isEmpty();
    }

    /** The SASL mechanisms that each of them has, in the order of the first. */
    private List<String> mechanisms() {
      List<String> common = null;
      for (EhloKeywords member : members) {
        if (member == null) {
          return List.of();
        }
        List<String> its = Mechanisms.of(member);
        common = common == null ? its : common.stream().filter(its::contains).toList();
      }
      return common == null || !takesLogins ? List.of() : common;
    }

    private boolean isAssumed(String keyword) {
      return assumed.stream().anyMatch(each -> each.spelling().equals(keyword));
    }
  }

  /** Merges what members offer. */
  static Offer of(Parts parts) {
    Map<String, String> offered = new LinkedHashMap<>();
    offered.put("PIPELINING", "");
    long size = smallest(parts.members(), "SIZE", "", parts.ownSize());
    offered.put("SIZE", size == 0 ? "" : Long.toString(size));
    offered.put("ENHANCEDSTATUSCODES", "");
    for (String keyword : END_TO_END) {
      boolean needsChunks = keyword.equals("BINARYMIME") && !offered.containsKey("CHUNKING");
      if (parts.allHave(keyword) && !needsChunks) {
        offered.put(keyword, "");
      }
    }
    List<String> mechanisms = parts.mechanisms();
    if (!mechanisms.isEmpty()) {
      offered.put("AUTH", String.join(" ", mechanisms));
    }
    long recipients = smallest(parts.members(), "LIMITS", "RCPTMAX=", parts.ownRecipients());
    offered.put("LIMITS", "RCPTMAX=" + recipients);
    return new Offer(parts, new EhloKeywords(offered));
  }

  /** The smallest number that stands behind a keyword; 0 or nothing is no limit. */
  private static long smallest(
      List<@Nullable EhloKeywords> members, String keyword, String prefix, long own) {
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
