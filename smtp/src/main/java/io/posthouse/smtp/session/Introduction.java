package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client called itself, and what it was offered for that: nothing else may it use. Both
 * count until it greets again, or is somebody else: behind XCLIENT, or inside TLS (RFC 3207 section
 * 4.2).
 */
final class Introduction {
  private final Security security;
  private final Verdicts verdicts;
  private Command.@Nullable Hello hello;
  private EhloKeywords offered = EhloKeywords.none();

  Introduction(Security security, Verdicts verdicts) {
    this.security = security;
    this.verdicts = verdicts;
  }

  /** The client greets with HELO, and is offered nothing. */
  void begin(Command.Hello greeting) {
    hello = greeting;
    offered = EhloKeywords.none();
  }

  /** The client greets with EHLO: it gets what members offer, but for what it may not use yet. */
  void begin(Command.Hello greeting, EhloKeywords members, boolean secured) {
    EhloKeywords all = security.offersAuth(secured) ? members : members.without("AUTH");
    if (verdicts.believesXClient()) {
      all = all.with("XCLIENT", String.join(" ", Command.XClient.KNOWN));
    }
    hello = greeting;
    offered = security.offersTls() && !secured ? all.with("STARTTLS", "") : all;
  }

  /** It counts no more. */
  void forget() {
    hello = null;
    offered = EhloKeywords.none();
  }

  /** As what it greeted last; null when it has to. */
  Command.@Nullable Hello hello() {
    return hello;
  }

  EhloKeywords offered() {
    return offered;
  }

  /** Whether it may use all of this. */
  boolean offers(Set<String> keywords) {
    for (String keyword : keywords) {
      if (!offered.has(keyword)) {
        return false;
      }
    }
    return true;
  }
}
