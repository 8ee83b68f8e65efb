package io.posthouse.edge;

import io.posthouse.model.EdgeChecks.HelloCheck;
import io.posthouse.model.EdgeChecks.HelloFault;
import io.posthouse.model.IpAddress;
import java.net.InetAddress;
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
  private final String name;
  private final @Nullable HelloFault fault;
  private final Set<Lookup> pending = new HashSet<>();
  private boolean asked;
  private boolean known;
  private boolean failed;

  /**
   * Looks at a name.
   *
   * @param ourName what we call ourselves
   * @param ours the address that the client connected to
   */
  public HelloName(
      EdgePolicy policy,
      HelloCheck check,
      String name,
      InetAddress client,
      String ourName,
      InetAddress ours) {
    this.policy = policy;
    this.check = check;
    this.name = name;
    this.fault = fault(client, ourName, ours);
    policy.state().of(Check.HELLO).asked();
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
    boolean asks = check.faults().contains(HelloFault.UNKNOWN) && HostName.isValid(name);
    if (fault != null || !asks || IpAddress.isIpv4(name)) {
      return List.of();
    }
    String folded = name.toLowerCase(Locale.ROOT);
    asked = true;
    if (policy.isOfList(folded)) {
      return List.of(); // Such a name is nobody's.
    }
    List<Lookup> all =
        List.of(new Lookup(folded, Lookup.Type.A), new Lookup(folded, Lookup.Type.AAAA));
    pending.addAll(all);
    return all;
  }

  @Override
  public List<Lookup> answered(Lookup of, Answer answer, long nanos) {
    if (pending.remove(of)) {
      known |= answer.kind() == Answer.Kind.FOUND;
      failed |= answer.isSilent();
    }
    return List.of();
  }

  @Override
  public boolean isDone() {
    return pending.isEmpty() || known;
  }

  @Override
  public List<Finding> findings(long nanos) {
    HelloFault its = fault;
    if (its == null && asked && !known) {
      if (failed || !pending.isEmpty()) {
        policy.state().of(Check.HELLO).unanswered();
      } else {
        its = HelloFault.UNKNOWN;
      }
    }
    if (its == null) {
      return List.of();
    }
    policy.state().of(Check.HELLO).met();
    String word = its.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return List.of(Finding.of(Check.HELLO, check.action(), word + ": " + name));
  }
}
