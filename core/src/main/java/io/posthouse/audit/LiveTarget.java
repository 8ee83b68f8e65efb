package io.posthouse.audit;

import io.posthouse.audit.Flow.Right;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Endpoint;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.ProbeSource;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a live audit asks, and as whom. */
public sealed interface LiveTarget {
  /** What people call it, unique in a configuration; what findings about it are of. */
  String name();

  /**
   * A virtual server, as a client of a class.
   *
   * @param client an address of that class; null when none was found that no class before it has
   */
  record Client(Flow flow, @Nullable InetAddress client) implements LiveTarget {
    @Override
    public String name() {
      return flow.of().name() + " on " + flow.server().name();
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
  record Straight(String member, Endpoint address, ProbeSource from, List<Flow> flows)
      implements LiveTarget {
    /** Copies the flows. */
    public Straight {
      flows = List.copyOf(flows);
    }

    @Override
    public String name() {
      return member + " at " + address + " from " + from;
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
