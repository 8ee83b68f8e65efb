package io.posthouse.edge;

import io.posthouse.model.EdgeChecks.ReverseDns.Require;
import java.net.InetAddress;
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
  private String names = "";

  ClientName(EdgePolicy policy, Require require, InetAddress client) {
    this.policy = policy;
    this.require = require;
    this.client = client;
    this.pointer = new Lookup(AddressName.pointer(client), Lookup.Type.PTR);
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
      problem = "its name in DNS does not lead back to it: " + names;
    }
    return List.of();
  }

  private List<Lookup> pointed(Answer answer) {
    if (answer.isSilent()) {
      failed = true;
      return List.of();
    }
    List<String> hosts = answer.names().stream().filter(host -> !policy.isOfList(host)).toList();
    if (hosts.isEmpty()) {
      boolean none = answer.kind() == Answer.Kind.NONE;
      problem = none ? "it has no name in DNS" : "what DNS has for it is no host name";
      return List.of();
    } else if (require == Require.NAME) {
      good = true;
      return List.of();
    }
    names = String.join(", ", hosts);
    Lookup.Type type = client.getAddress().length == 4 ? Lookup.Type.A : Lookup.Type.AAAA;
    List<Lookup> forward = hosts.stream().map(host -> new Lookup(host, type)).toList();
    pending.addAll(forward);
    return forward;
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
