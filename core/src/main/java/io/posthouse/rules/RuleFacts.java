package io.posthouse.rules;

import io.posthouse.model.IpAddress;
import io.posthouse.policy.DataGroups;
import io.posthouse.smtp.Path;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;

/**
 * What a rule may know of a link at an event. What is not known yet has a neutral value that no
 * condition can see.
 *
 * @param groups what {@code inGroup} looks into
 * @param clientClass the name of the class that the client is treated as
 * @param tls whether it uses TLS
 * @param loggedIn whether it has logged in with AUTH
 * @param clientName its host name as far as somebody we believe knows it; empty for nothing
 * @param helo how it called itself; empty before
 * @param size what SIZE of MAIL declares; 0 for nothing
 * @param recipient the recipient at hand
 * @param recipients recipients of the message that were let through so far
 * @param time the time of day
 * @param nanos monotonic time, for limits
 */
public record RuleFacts(
    DataGroups groups,
    InetAddress client,
    String clientClass,
    boolean tls,
    boolean loggedIn,
    String clientName,
    String helo,
    Mailbox sender,
    long size,
    Mailbox recipient,
    int recipients,
    Instant time,
    long nanos) {

  /** What is known when a client has connected. */
  public static RuleFacts of(
      DataGroups groups, InetAddress client, String clientClass, Instant time, long nanos) {
    Mailbox none = new Mailbox(Path.NULL, groups);
    return new RuleFacts(
        groups, client, clientClass, false, false, "", "", none, 0, none, 0, time, nanos);
  }

  /** The same with what the client said of itself, and others of it. */
  public RuleFacts greeting(String name, String hostName, boolean secured, boolean logged) {
    return new RuleFacts(
        groups,
        client,
        clientClass,
        secured,
        logged,
        hostName,
        name,
        sender,
        size,
        recipient,
        recipients,
        time,
        nanos);
  }

  /** The same with a message. */
  public RuleFacts message(Path from, long declared, Path to, int before) {
    return new RuleFacts(
        groups,
        client,
        clientClass,
        tls,
        loggedIn,
        clientName,
        helo,
        new Mailbox(from, groups),
        declared,
        new Mailbox(to, groups),
        before,
        time,
        nanos);
  }

  /** The client's address as people write it; the short form of IPv6 takes its time. */
  String address() {
    return client instanceof Inet4Address ? client.getHostAddress() : IpAddress.text(client);
  }

  /** Whether the client's address is in a data group that was checked to be one of addresses. */
  boolean clientIsIn(String group) {
    return groups.addresses(group).contains(client);
  }
}
