package io.posthouse.audit;

import io.posthouse.audit.Flow.Right;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.ProbeSource;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a live audit asks, and as whom. */
public sealed interface LiveTarget {
  /** What people call it, unique in a configuration; what findings about it are of. */
  String name();

  /** Its key in the file. */
  String key();

  /** Flows that may send to anybody and that a member sees come from the same address. */
  List<String> shared();

  /**
   * A virtual server, as a client of a class.
   *
   * @param client an address of that class; null when none was found that no class before it has
   */
  record Client(Flow flow, @Nullable InetAddress client, List<String> shared)
      implements LiveTarget {
    /** Copies those that it shares with. */
    public Client {
      shared = List.copyOf(shared);
    }

    @Override
    public String name() {
      return flow.of().name() + " on " + flow.server().name();
    }

    @Override
    public String key() {
      return flow.classKey("relay");
    }

    /** The client's address, as text. */
    String address() {
      return client == null ? "nobody" : client.getHostAddress();
    }

    /** The virtual server. */
    public VirtualServer server() {
      return flow.server();
    }

    /** The class. */
    public ClientClass of() {
      return flow.of();
    }
  }

  /**
   * A member, from an address that clients of classes come from who may not send to anybody.
   *
   * @param flows what comes to it from there, and is restricted
   */
  record Straight(
      Member member, Endpoint address, ProbeSource from, List<Flow> flows, List<String> shared)
      implements LiveTarget {
    /** Copies the lists. */
    public Straight {
      flows = List.copyOf(flows);
      shared = List.copyOf(shared);
    }

    Straight sharedWith(Collection<String> others) {
      return new Straight(member, address, from, flows, List.copyOf(others));
    }

    /** The same with the flows of another of its name. */
    Straight and(Straight other) {
      List<Flow> both = new ArrayList<>(flows);
      both.addAll(other.flows);
      return new Straight(member, address, from, both, shared);
    }

    @Override
    public String name() {
      return path() + " at " + address + " from " + from;
    }

    @Override
    public String key() {
      return KeyPath.of("pools", pool(), "members", member.name());
    }

    /** Pool and member. */
    String path() {
      return pool() + "/" + member.name();
    }

    /** Its pool's name. */
    public String pool() {
      return flows.getFirst().pool().name();
    }

    /** Whether nobody but the member refuses a recipient of one of them. */
    boolean isAlone() {
      return flows.stream().anyMatch(flow -> flow.right() == Right.MEMBERS);
    }
  }
}
