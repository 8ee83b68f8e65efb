package io.posthouse.switching;

import io.posthouse.edge.Check;
import io.posthouse.edge.Finding;
import io.posthouse.model.EdgeChecks.Action;
import io.posthouse.smtp.Reply;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What edge checks hold against a client, and what it hears: the worst of it. */
final class EdgeStanding {
  private final List<Finding> news = new ArrayList<>(0);
  private @Nullable Map<Check, Finding> all;

  void add(Finding finding) {
    Map<Check, Finding> now = all;
    if (now == null) {
      now = new EnumMap<>(Check.class);
      all = now;
    }
    now.put(finding.check(), finding);
    news.add(finding);
  }

  void forget(Check check) {
    if (all != null) {
      all.remove(check);
    }
  }

  void clear() {
    all = null;
    news.clear();
  }

  /** What was added since this was asked last. */
  List<Finding> news() {
    List<Finding> fresh = List.copyOf(news);
    news.clear();
    return fresh;
  }

  /** Whether it is to be served slowly. */
  boolean isSlow() {
    return all != null && all.values().stream().anyMatch(each -> each.action() == Action.TARPIT);
  }

  /** The reply to each of its recipients; null when they are let pass. */
  @Nullable Reply atRecipient() {
    Finding worst = worst();
    if (worst == null) {
      return null;
    }
    return worst.action() == Action.REFUSE ? reply(550, 5, worst) : reply(450, 4, worst);
  }

  /** The reply in place of the greeting (RFC 5321 section 3.1); null when it is greeted. */
  @Nullable Reply inPlaceOfGreeting() {
    Finding worst = worst();
    if (worst == null) {
      return null;
    }
    return worst.action() == Action.REFUSE ? reply(554, 5, worst) : reply(421, 4, worst);
  }

  private @Nullable Finding worst() {
    Finding worst = null;
    for (Finding each : all == null ? List.<Finding>of() : all.values()) {
      boolean counts = each.action() == Action.REFUSE || each.action() == Action.TEMPFAIL;
      if (counts && (worst == null || each.action().compareTo(worst.action()) > 0)) {
        worst = each;
      }
    }
    return worst;
  }

  /** Nothing in it is of DNS or of the client but the names of lists, which the file gives. */
  private static Reply reply(int code, int severity, Finding of) {
    return switch (of.check()) {
      case EARLY_TALKERS ->
          Reply.of(code, severity + ".7.1 You talked before the greeting (early-talkers)");
      case DNS_LISTS ->
          Reply.of(code, severity + ".7.1 Your address is listed by " + cut(of.lists()));
      case REVERSE_DNS ->
          Reply.of(code, severity + ".7.25 Your address has no good name in DNS (reverse-dns)");
      case HELLO -> Reply.of(code, severity + ".7.1 Your name in EHLO or HELO is not good (hello)");
      case LIMITS -> throw new AssertionError("limits are told at once");
    };
  }

  private static String cut(String lists) {
    return lists.length() <= 300 ? lists : lists.substring(0, 300) + "...";
  }
}
