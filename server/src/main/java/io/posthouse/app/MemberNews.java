package io.posthouse.app;

import io.posthouse.backend.MemberObserver;
import io.posthouse.backend.SourcePorts;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.health.SenderScope;
import io.posthouse.probe.HealthOwner;

/** What connects and mail of real links say goes to the log and to the health owner. */
final class MemberNews implements MemberObserver {
  private final EventSink events;
  private final HealthOwner health;
  private final SourcePorts ports;

  MemberNews(EventSink events, HealthOwner health, SourcePorts ports) {
    this.events = events;
    this.health = health;
    this.ports = ports;
  }

  @Override
  public SourcePorts ports() {
    return ports;
  }

  @Override
  public void connectFailed(String pool, String member, String reason) {
    events.emit(
        Event.of(EventKind.CONNECT_FAILED, "pool", pool, "member", member, "reason", reason));
    health.connectFailed(pool, member, reason);
  }

  @Override
  public void cannotConnect(String pool, String member, String reason) {
    events.emit(
        Event.of(
            EventKind.CANNOT_CONNECT,
            "pool",
            pool,
            "member",
            member,
            "reason",
            reason,
            "remedy",
            "error -99: widen net.ipv4.ip_local_port_range or add members; -24: raise LimitNOFILE"));
  }

  @Override
  public void connectSucceeded(String pool, String member) {
    health.connectSucceeded(pool, member);
  }

  @Override
  public void inspected(String pool, String member, String masked) {
    events.emit(
        Event.of(
            EventKind.SMTP_INSPECTED,
            "pool",
            pool,
            "member",
            member,
            "masked",
            masked,
            "remedy",
            "switch the inspection off: it hides what the member can do, STARTTLS included"));
  }

  @Override
  public void messageTaken(String pool, String member, SenderScope scope, boolean awaited) {
    health.messageTaken(pool, member, scope, awaited);
  }

  @Override
  public void messageRefused(String pool, String member, SenderScope scope, String reply) {
    health.messageRefused(pool, member, scope, reply);
  }

  @Override
  public void messageRefusedFor(
      long client, String pool, String member, SenderScope scope, String reply) {
    health.messageRefusedFor(client, pool, member, scope, reply);
  }

  @Override
  public void failedFor(long client, String pool, String member, SenderScope scope, String reason) {
    health.failedFor(client, pool, member, scope, reason);
  }

  @Override
  public void trialUndecided(String pool, String member, SenderScope scope, int trial) {
    health.trialUndecided(pool, member, scope, trial);
  }
}
