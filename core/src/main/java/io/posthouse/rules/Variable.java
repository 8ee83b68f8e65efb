package io.posthouse.rules;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import io.posthouse.model.RuleEvent;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What conditions may name.
 *
 * @param known at which events it is known
 * @param value where it comes from
 */
record Variable(
    String text, CelType type, Set<RuleEvent> known, Function<RuleFacts, Object> value) {
  /** Types that have no values but the client, a sender or a recipient, for {@code inGroup}. */
  static final OpaqueType CLIENT = OpaqueType.create("client");

  static final OpaqueType MAILBOX = OpaqueType.create("mailbox");

  /** All of them, in the order in which people are told of them. */
  static final List<Variable> ALL =
      List.of(
          from(RuleEvent.CONNECT, "client", CLIENT, facts -> facts),
          from(RuleEvent.CONNECT, "client.address", SimpleType.STRING, RuleFacts::address),
          from(RuleEvent.CONNECT, "client.class", SimpleType.STRING, RuleFacts::clientClass),
          from(RuleEvent.CONNECT, "time", SimpleType.TIMESTAMP, RuleFacts::time),
          from(RuleEvent.HELLO, "client.name", SimpleType.STRING, RuleFacts::clientName),
          from(RuleEvent.HELLO, "tls", SimpleType.BOOL, RuleFacts::tls),
          from(RuleEvent.HELLO, "helo", SimpleType.STRING, Variable::helo),
          from(RuleEvent.MAIL, "auth", SimpleType.BOOL, RuleFacts::loggedIn),
          from(RuleEvent.MAIL, "sender", MAILBOX, RuleFacts::sender),
          from(RuleEvent.MAIL, "sender.address", SimpleType.STRING, f -> f.sender().address()),
          from(RuleEvent.MAIL, "sender.domain", SimpleType.STRING, f -> f.sender().domain()),
          from(RuleEvent.MAIL, "size", SimpleType.INT, RuleFacts::size),
          atRecipient("recipient", MAILBOX, RuleFacts::recipient),
          atRecipient("recipient.address", SimpleType.STRING, f -> f.recipient().address()),
          atRecipient("recipient.domain", SimpleType.STRING, f -> f.recipient().domain()),
          from(RuleEvent.RECIPIENT, "recipients", SimpleType.INT, f -> (long) f.recipients()));

  private static final Map<String, Variable> BY_NAME = byName();

  private static Variable from(
      RuleEvent first, String text, CelType type, Function<RuleFacts, Object> value) {
    return new Variable(text, type, EnumSet.range(first, RuleEvent.DATA), value);
  }

  private static Variable atRecipient(
      String text, CelType type, Function<RuleFacts, Object> value) {
    return new Variable(text, type, EnumSet.of(RuleEvent.RECIPIENT), value);
  }

  private static Map<String, Variable> byName() {
    Map<String, Variable> all = new HashMap<>();
    ALL.forEach(each -> all.put(each.text, each));
    return Map.copyOf(all);
  }

  private static String helo(RuleFacts facts) {
    return facts.helo().toLowerCase(Locale.ROOT);
  }

  /** The one of a name; null for none. */
  static @Nullable Variable named(String name) {
    return BY_NAME.get(name);
  }

  /** What it is at an event. */
  Object of(RuleFacts facts) {
    return value.apply(facts);
  }
}
