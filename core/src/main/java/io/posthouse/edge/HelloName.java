package io.posthouse.edge;

import io.posthouse.model.EdgeChecks.HelloCheck;
import io.posthouse.model.EdgeChecks.HelloFault;
import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client calls itself in EHLO or HELO (RFC 5321 section 4.1.4: what it says need not be what
 * DNS says of its address, so nobody compares those). Lives on the client's loop.
 */
public final class HelloName implements Inquiry {
  private static final String IPV6 = "ipv6:";

  private final EdgePolicy policy;
  private final HelloCheck check;
  private final RecentClient client;
  private final Said said;
  private final KnownAnswers answers;
  private final String name;
  private final @Nullable HelloFault fault;
  private final Set<Lookup> pending = new HashSet<>(4);
  private boolean asked;
  private boolean found;
  private boolean failed;

  /**
   * What a client says to whom.
   *
   * @param name what it calls itself
   * @param ourName what we call ourselves
   * @param ours the address that the client connected to
   */
  public record Said(String name, String ourName, InetAddress ours) {}

  /** Looks at a name. */
  public HelloName(
      EdgePolicy policy, HelloCheck check, RecentClient client, Said said, Kept.Answers known) {
    this.policy = policy;
    this.check = check;
    this.client = client;
    this.said = said;
    this.answers = new KnownAnswers(known);
    this.name = said.name();
    this.fault = fault(client.address(), said.ourName(), said.ours());
  }

  /** What was found when the client said the same on its last link, if that holds; else null. */
  public static @Nullable List<Finding> remembered(RecentClient client, Said said, long nanos) {
    return Remembered.repeat(client.hello(), said, nanos);
  }

  private @Nullable HelloFault fault(InetAddress client, String ourName, InetAddress ours) {
    Optional<InetAddress> address = literal(name);
    HelloFault found = null;
    if (address.isPresent()) {
      boolean own = address.get().equals(client);
      boolean our = address.get().equals(ours) && !own;
      found = our ? HelloFault.OUR_NAME : own ? null : HelloFault.FOREIGN_ADDRESS;
    } else if (!HostName.isValid(name) || IpAddress.isIpv4(name)) {
      found = HelloFault.MALFORMED;
    } else if (name.equalsIgnoreCase(ourName)) {
      found = HelloFault.OUR_NAME;
    } else if (name.indexOf('.') < 0) {
      found = HelloFault.UNQUALIFIED;
    }
    return found != null && check.faults().contains(found) ? found : null;
  }

  /** The address in brackets (RFC 5321 section 4.1.3); empty for a name. */
  private static Optional<InetAddress> literal(String name) {
    if (name.length() < 3 || name.charAt(0) != '[' || name.charAt(name.length() - 1) != ']') {
      return Optional.empty();
    }
    String inside = name.substring(1, name.length() - 1).toLowerCase(Locale.ROOT);
    return IpAddress.parse(inside.startsWith(IPV6) ? inside.substring(IPV6.length()) : inside);
  }

  @Override
  public List<Lookup> first(long nanos) {
    answers.begin(nanos);
    policy.state().of(Check.HELLO).asked();
    boolean asks = check.faults().contains(HelloFault.UNKNOWN) && HostName.isValid(name);
    if (fault == HelloFault.MALFORMED) {
      answers.forOnce(); // It may be long, and costs nothing to judge again.
    }
    if (fault != null || !asks || IpAddress.isIpv4(name)) {
      return List.of();
    }
    String folded = name.toLowerCase(Locale.ROOT);
    asked = true;
    if (policy.isOfList(folded)) {
      return List.of(); // Such a name is nobody's.
    }
    List<Lookup> open = new ArrayList<>(2);
    for (Lookup.Type type : List.of(Lookup.Type.A, Lookup.Type.AAAA)) {
      Lookup each = new Lookup(folded, type);
      Answer answer = answers.of(each);
      if (answer == null) {
        open.add(each);
      } else {
        take(answer);
      }
    }
    pending.addAll(open);
    return open;
  }

  @Override
  public List<Lookup> answered(Lookup of, Answer answer, long nanos) {
    if (pending.remove(of)) {
      take(answer);
    }
    return List.of();
  }

  private void take(Answer answer) {
    found |= answer.kind() == Answer.Kind.FOUND;
    failed |= answer.isSilent();
  }

  @Override
  public boolean isDone() {
    return pending.isEmpty() || found;
  }

  @Override
  public List<Finding> findings(long nanos) {
    HelloFault its = fault;
    if (its == null && asked && !found) {
      if (failed || !pending.isEmpty()) {
        answers.forOnce();
        policy.state().of(Check.HELLO).unanswered();
      } else {
        its = HelloFault.UNKNOWN;
      }
    }
    List<Finding> all = its == null ? List.of() : List.of(finding(its));
    Tally tally = policy.state().of(Check.HELLO);
    List<Tally> met = its == null ? List.of() : List.of(tally);
    met.forEach(Tally::met);
    if (answers.holds()) {
      client.keepHello(new Remembered(said, List.of(tally), all, met, answers.until()));
    }
    return all;
  }

  private Finding finding(HelloFault its) {
    String word = its.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return Finding.of(Check.HELLO, check.action(), word + ": " + name);
  }
}
