package io.posthouse.edge;

import static java.util.stream.Collectors.joining;

import io.posthouse.model.EdgeChecks.ReverseDns.Require;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The name of a client in DNS: of its address, and whether that leads back to it. Whoever owns the
 * address chooses the names.
 */
final class ClientName {
  private final EdgePolicy policy;
  private final Require require;
  private final InetAddress client;
  private final Lookup pointer;
  private final Set<Lookup> pending = new HashSet<>();
  private @Nullable String problem;
  private boolean asked;
  private boolean good;
  private boolean failed;
  private List<Lookup> forward = List.of();

  ClientName(EdgePolicy policy, Require require, InetAddress client, String backwards) {
    this.policy = policy;
    this.require = require;
    this.client = client;
    this.pointer = new Lookup(AddressName.pointer(backwards), Lookup.Type.PTR);
  }

  Lookup first() {
    return pointer;
  }

  List<Lookup> answered(Lookup lookup, Answer answer) {
    if (lookup.equals(pointer)) {
      asked = true;
      return pointed(answer);
    } else if (!pending.remove(lookup)) {
      return List.of();
    }
    good |= answer.addresses().contains(client);
    failed |= answer.isSilent();
    if (pending.isEmpty() && !good && !failed) {
      problem =
          forward.stream()
              .map(Lookup::name)
              .collect(joining(", ", "its name in DNS does not lead back to it: ", ""));
    }
    return List.of();
  }

  private List<Lookup> pointed(Answer answer) {
    if (answer.isSilent()) {
      failed = true;
      return List.of();
    }
    Lookup.Type type = client instanceof Inet4Address ? Lookup.Type.A : Lookup.Type.AAAA;
    List<Lookup> hosts = new ArrayList<>(answer.names().size());
    for (String host : answer.names()) {
      if (!policy.isOfList(host)) {
        hosts.add(new Lookup(host, type));
      }
    }
    if (hosts.isEmpty()) {
      boolean none = answer.kind() == Answer.Kind.NONE;
      problem = none ? "it has no name in DNS" : "what DNS has for it is no host name";
      return List.of();
    } else if (require == Require.NAME) {
      good = true;
      return List.of();
    }
    forward = hosts;
    pending.addAll(hosts);
    return hosts;
  }

  boolean isDone() {
    return good || (asked && pending.isEmpty());
  }

  boolean isGood() {
    return good;
  }

  /** What is wrong with it; null when nothing is, or is known. */
  @Nullable String problem() {
    return problem;
  }
}
