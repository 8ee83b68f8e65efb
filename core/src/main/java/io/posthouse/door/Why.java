package io.posthouse.door;

import io.posthouse.health.EffectiveState;
import io.posthouse.health.SenderScope;
import io.posthouse.model.AdminState;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Endpoint;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.Explanation;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code posthouse why}: what becomes of a client on each virtual server, or on one.
 *
 * @param generation the number of the configuration in effect; 0 for a candidate, that does not run
 * @param servers in the order of the file
 */
public record Why(Question question, long generation, List<OfServer> servers) {

  /** Copies the list. */
  public Why {
    servers = List.copyOf(servers);
  }

  /**
   * What somebody asks.
   *
   * @param server a virtual server's name; null for all
   * @param sender a reverse path without angle brackets; null when not asked about
   * @param recipient a forward path without angle brackets; null when not asked about
   */
  public record Question(
      InetAddress client,
      @Nullable String server,
      @Nullable String sender,
      @Nullable String recipient) {}

  /**
   * One virtual server.
   *
   * @param scope whose mail it is by its sender; null when no sender was asked about, or in mode
   *     tcp
   * @param entrance what the client meets before a member hears of it; null when no class has it
   * @param obstacle why the client, although of a class, is not let in now; empty for no reason
   * @param limits the limits that its class and the virtual server have
   * @param members those of the pool: first the candidates in their order, then the others
   */
  public record OfServer(
      Explanation explanation,
      @Nullable Entrance entrance,
      @Nullable SenderScope scope,
      String obstacle,
      List<LimitUse> limits,
      List<Outlook> members) {

    /** Copies the lists. */
    public OfServer {
      limits = List.copyOf(limits);
      members = List.copyOf(members);
    }

    /** One that lets the client in as no class. */
    public static OfServer closed(Explanation explanation) {
      return new OfServer(explanation, null, null, "", List.of(), List.of());
    }

    /** Whether a link of the client is let in. */
    public boolean isAdmitted() {
      return explanation.admission() != null && obstacle.isEmpty();
    }
  }

  /**
   * A limit.
   *
   * @param key as the file has it
   * @param most what it is set to
   * @param now how much of it is used; {@link #UNKNOWN} when nobody knows
   */
  public record LimitUse(String key, long most, long now) {
    /** What {@link #now} is when nobody knows. */
    public static final long UNKNOWN = -1;

    /**
     * The limits that a client meets; those that are set.
     *
     * @param links links of the virtual server now
     * @param ofClass links of the class now
     * @param ofClient links of the client now
     */
    public static List<LimitUse> all(
        VirtualServer server, ClientClass.Limits of, long links, long ofClass, long ofClient) {
      return Stream.of(
              new LimitUse("max-connections", server.maxConnections(), links),
              new LimitUse("connections", of.connections(), ofClass),
              new LimitUse("connections-per-client", of.connectionsPerClient(), ofClient),
              new LimitUse("messages-per-minute", of.messagesPerMinute(), UNKNOWN),
              new LimitUse(
                  "messages-per-minute-per-client", of.messagesPerMinutePerClient(), UNKNOWN))
          .filter(limit -> limit.most() > 0)
          .toList();
    }
  }

  /**
   * A member as a client's next link, or message, would find it.
   *
   * @param turn its place among the candidates, from 1; 0 for a member that is none, or where
   *     nothing runs
   * @param why why it stands there; empty where nothing runs
   * @param source the source address that it would see; null for the kernel's choice, or for none
   */
  public record Outlook(
      String name,
      Endpoint address,
      AdminState state,
      EffectiveState effective,
      int turn,
      String why,
      @Nullable InetAddress source) {}

  /** Asks what runs. */
  @FunctionalInterface
  public interface Explainer {
    /**
     * The answer.
     *
     * @throws BadQuestionException when there is no such virtual server
     */
    Why explain(Question question);
  }
}
