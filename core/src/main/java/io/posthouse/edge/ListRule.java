package io.posthouse.edge;

import io.posthouse.model.EdgeChecks.Codes;
import io.posthouse.model.EdgeChecks.DnsList;
import io.posthouse.policy.Prefix;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * A list in DNS: under which name an address is asked for, and what an answer is worth.
 *
 * <p>Only answers in 127.0.0.0/8 count (RFC 5782 section 2.1): others come from whoever took the
 * zone over, or from a resolver that has an answer for everything. Those in 127.255.255.0/24 say
 * that the list does not talk to our resolver: too many questions, or a public one.
 */
final class ListRule {
  private static final Prefix ANSWERS = prefix("127.0.0.0/8");
  private static final Prefix REFUSALS = prefix("127.255.255.0/24");

  private final String zone;
  private final String below;
  private final int score;
  private final List<Worth> worths;

  private record Worth(List<Prefix> codes, int score) {
    boolean meets(List<InetAddress> answers) {
      return codes.stream().anyMatch(code -> answers.stream().anyMatch(code::contains));
    }
  }

  /**
   * What a list says of an address.
   *
   * @param refused whether it does not talk to us
   * @param score what the address is given; 0 when it is not on the list
   */
  record Verdict(boolean refused, int score) {
    static final Verdict CLEAN = new Verdict(false, 0);
    static final Verdict REFUSED = new Verdict(true, 0);
  }

  /** The rule of a list whose codes were checked. */
  ListRule(DnsList settings) {
    this.zone = zone(settings);
    this.below = "." + zone;
    this.score = settings.score();
    this.worths = settings.answers().stream().map(ListRule::worth).toList();
  }

  private static Worth worth(Codes of) {
    return new Worth(of.codes().stream().map(ListRule::prefix).toList(), of.score());
  }

  private static Prefix prefix(String text) {
    return Prefix.parse(text).orElseThrow();
  }

  /** The zone that is asked, in lower case. */
  private static String zone(DnsList settings) {
    return (settings.zone() == null ? settings.name() : settings.zone()).toLowerCase(Locale.ROOT);
  }

  /** What is asked about a client whose octets, backwards, are given. */
  Lookup lookup(String backwards) {
    return new Lookup(backwards.concat(zone), Lookup.Type.LIST);
  }

  /** Whether a name in lower case is that of the list, or below it. */
  boolean owns(String name) {
    return name.endsWith(below) || name.equals(zone);
  }

  /** The least that an answer may be worth: what the client would have of a list of good ones. */
  int least() {
    return worths.isEmpty()
        ? Math.min(0, score)
        : worths.stream().mapToInt(each -> Math.min(0, each.score())).sum();
  }

  Verdict judge(Answer answer) {
    if (answer.addresses().isEmpty()) {
      return Verdict.CLEAN; // Most clients are on no list.
    }
    List<InetAddress> said = answer.addresses().stream().filter(ANSWERS::contains).toList();
    if (said.isEmpty()) {
      return Verdict.CLEAN;
    } else if (said.stream().anyMatch(REFUSALS::contains)) {
      return Verdict.REFUSED;
    } else if (worths.isEmpty()) {
      return new Verdict(false, score);
    }
    int sum = 0;
    for (Worth each : worths) {
      sum += each.meets(said) ? each.score() : 0;
    }
    return new Verdict(false, sum);
  }
}
