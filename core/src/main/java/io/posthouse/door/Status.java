package io.posthouse.door;

import io.posthouse.health.EffectiveState;
import io.posthouse.health.Pressure;
import io.posthouse.health.Sighting;
import io.posthouse.model.AdminState;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Endpoint;
import io.posthouse.model.MemberTls;
import io.posthouse.model.RuleEvent;
import io.posthouse.model.VirtualServer.Mode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What runs now: the value behind {@code posthouse status}, the API and the metrics.
 *
 * @param generation the number of the configuration in effect, from 1
 * @param started when the process started
 * @param sourcePorts ports held towards members, those in most need first
 * @param lists its data groups
 */
public record Status(
    long generation,
    Instant started,
    List<VirtualServerStatus> virtualServers,
    List<PoolStatus> pools,
    List<PortUse> sourcePorts,
    List<ListStatus> lists) {

  /** What a virtual server or pool comes to: {@code up} if any member is usable, and so on. */
  public enum Effective {
    UP,
    PRESSURE,
    DOWN,
    DISABLED
  }

  /**
   * One virtual server.
   *
   * @param listening the addresses that are bound now
   * @param mode who moves the bytes
   * @param tls its TLS with clients; null for none
   * @param classes what each of its client classes did, in their order
   * @param edgeChecks what its edge checks, and the lists that they ask, came to
   * @param rules what each of its rules did, in their order
   */
  public record VirtualServerStatus(
      String name,
      Mode mode,
      AdminState state,
      Effective effective,
      String reason,
      Instant since,
      String pool,
      List<Endpoint> listening,
      @Nullable TlsStatus tls,
      LinkCounts links,
      List<ClassStatus> classes,
      List<EdgeStatus> edgeChecks,
      List<RuleStatus> rules) {}

  /**
   * An edge check on one virtual server, or one of the lists in DNS that it asks.
   *
   * @param check its name
   * @param list the name of the list; empty for the check as a whole
   * @param asked clients that were looked at
   * @param matched clients that were matched; of a list, those that it gave a score
   * @param unanswered clients that passed since DNS did not answer in time
   * @param refusals how often the list said that it does not talk to our resolver
   */
  public record EdgeStatus(
      String check, String list, long asked, long matched, long unanswered, long refusals) {}

  /**
   * One rule on one virtual server.
   *
   * @param then what it does
   * @param fired how often its condition held
   * @param failed how often it could not be evaluated
   */
  public record RuleStatus(
      String name, RuleEvent at, String then, boolean dryRun, long fired, long failed) {}

  /**
   * Links of a virtual server since it was first configured.
   *
   * @param open links that are open now; in mode dsr nobody knows, and it is 0
   * @param total links accepted
   * @param refused links reset or answered 421 because no member could take them or a limit was
   *     met, and those of the next two
   * @param ofNoClass refused links whose client is of no class
   * @param notBelieved refused links of peers that are not believed, or that sent no good PROXY
   *     header
   * @param failed links that ended by a reset or time-out of either side
   * @param bytesIn octets from clients
   * @param bytesOut octets to clients
   */
  public record LinkCounts(
      long open,
      long total,
      long refused,
      long ofNoClass,
      long notBelieved,
      long failed,
      long bytesIn,
      long bytesOut) {}

  /**
   * The clients of one class on one virtual server.
   *
   * @param open links that are open now
   * @param links links let in so far
   * @param refusedLinks links that were over a limit of the class
   * @param messages messages begun, in mode smtp
   * @param refusedMessages messages over a limit, or without the TLS or AUTH that the class asks
   *     for
   * @param refusedRecipients recipients that the relay guard refused
   * @param limits the limits of the class, on all of its virtual servers together
   */
  public record ClassStatus(
      String name,
      String pool,
      long open,
      long links,
      long refusedLinks,
      long messages,
      long refusedMessages,
      long refusedRecipients,
      ClientClass.Limits limits) {}

  /**
   * One pool.
   *
   * @param tls whether its members are spoken to in TLS
   * @param waiting links in its queue now
   */
  public record PoolStatus(
      String name,
      AdminState state,
      Effective effective,
      String reason,
      Instant since,
      MemberTls.Mode tls,
      long waiting,
      List<MemberState> members) {}

  /**
   * One member.
   *
   * @param weight its weight in the file
   * @param inside its pressure for inside senders, in mode smtp; none while it is down
   * @param outside the same for outside senders
   * @param connections its connections in use now
   * @param connectFailures connects that failed since it was first configured
   * @param responseNanos the decaying mean of its connect time, 0 before the first
   * @param offers what it was last heard to offer to EHLO; empty where nothing was heard
   * @param sources from which addresses it is asked, and which it sees
   * @param probes the last probe of each of its monitors from each address
   */
  public record MemberState(
      String name,
      Endpoint address,
      AdminState state,
      EffectiveState effective,
      boolean ramping,
      String reason,
      Instant since,
      int weight,
      Pressure inside,
      Pressure outside,
      int priority,
      long connections,
      long totalConnections,
      long connectFailures,
      long responseNanos,
      List<String> offers,
      List<Sighting> sources,
      List<ProbeReport> probes) {}
}
