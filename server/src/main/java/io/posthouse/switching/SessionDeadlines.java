package io.posthouse.switching;

import io.posthouse.net.DeadlineWheel;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import io.posthouse.smtp.session.Link;
import io.posthouse.smtp.session.Phase;
import io.posthouse.smtp.session.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * The two deadlines of a link: what its client, and what its member owes next.
 *
 * <p>A command is due as a whole, however slowly its octets come. While a body flows it is enough
 * that something moves within the time for a block, and that the mean rate is not below the least
 * one. A member is waited for with the patience of RFC 5321 section 4.5.3.2 when there is nobody
 * else, with less as long as another could take the message.
 */
final class SessionDeadlines {
  private static final long RATE_FIRST_MILLIS = 60_000;
  private static final long RATE_AGAIN_MILLIS = 15_000;
  private static final long FAREWELL_MILLIS = 10_000;

  private final SmtpLink link;
  private final Link session;
  private final Loop loop;
  private final MemberSearch search;
  private final MemberSide member;
  private final Timeout ofClient =
      new Timeout() {
        @Override
        protected void expired(long tick) {
          link.guard(() -> clientExpired(tick));
        }
      };
  private final Timeout ofMember =
      new Timeout() {
        @Override
        protected void expired(long tick) {
          link.guard(SessionDeadlines.this::memberExpired);
        }
      };
  private @Nullable Phase clientPhase;
  private @Nullable Phase memberPhase;
  private long commands;
  private long replies;
  private long bodySinceTick;
  private long bodySinceOctets;
  private long movedTick;
  private boolean leaving;

  SessionDeadlines(SmtpLink link, Link session, Loop loop, MemberSearch search, MemberSide member) {
    this.link = link;
    this.session = session;
    this.loop = loop;
    this.search = search;
    this.member = member;
  }

  private SmtpServer.Patience patience() {
    return link.running().patience();
  }

  /** Octets of a body moved. */
  void moved() {
    movedTick = loop.tick();
  }

  /** Arms what is waited for now, and lets go of the rest. */
  void follow() {
    followClient();
    followMember();
  }

  private void followClient() {
    Phase phase = link.makesClientWait() ? null : session.clientPhase();
    if (phase == clientPhase && (phase != Phase.COMMAND || link.commands() == commands)) {
      return;
    }
    clientPhase = phase;
    commands = link.commands();
    if (phase == null) {
      loop.disarm(ofClient);
    } else if (phase == Phase.COMMAND) {
      loop.arm(ofClient, patience().commandMillis());
    } else if (phase == Phase.TLS) {
      loop.arm(ofClient, patience().handshakeMillis());
    } else {
      bodySinceTick = loop.tick();
      bodySinceOctets = link.octetsIn();
      movedTick = loop.tick();
      loop.arm(ofClient, Math.min(RATE_FIRST_MILLIS, patience().blockMillis()));
    }
  }

  /** The client has so long to take our last words. */
  void farewell() {
    leaving = true;
    loop.arm(ofClient, Math.min(FAREWELL_MILLIS, patience().commandMillis()));
  }

  private void clientExpired(long tick) {
    if (leaving) {
      link.cut();
      return;
    }
    if (clientPhase != Phase.BODY) {
      link.clientTimeout();
      return;
    }
    long blockMillis = patience().blockMillis();
    long stillMillis = (tick - movedTick) * DeadlineWheel.TICK_MILLIS;
    long bodyMillis = (tick - bodySinceTick) * DeadlineWheel.TICK_MILLIS;
    long octets = link.octetsIn() - bodySinceOctets;
    boolean tooSlow =
        bodyMillis >= RATE_FIRST_MILLIS && octets < patience().leastRate() * bodyMillis / 1000;
    if (stillMillis >= blockMillis || tooSlow) {
      link.clientTimeout();
    } else {
      loop.arm(ofClient, Math.min(RATE_AGAIN_MILLIS, blockMillis - stillMillis));
    }
  }

  private void followMember() {
    Phase phase = member.holdsBody() ? Phase.BODY : session.serverPhase();
    long heard = member.replies();
    if (phase == memberPhase && heard == replies) {
      return;
    }
    memberPhase = phase;
    replies = heard;
    if (phase == null) {
      loop.disarm(ofMember);
    } else {
      loop.arm(ofMember, patience(phase));
    }
  }

  private long patience(Phase phase) {
    boolean hurried = search.hasOthers() && (phase != Phase.BODY || mayMove());
    return 1000L * (hurried ? phase.hurriedSeconds() : phase.seconds());
  }

  private boolean mayMove() {
    Transaction message = session.transaction();
    return message != null && message.mayMove();
  }

  private void memberExpired() {
    memberPhase = null;
    link.serverTimeout();
  }

  /** Nothing is waited for any more. */
  void stop() {
    loop.disarm(ofClient);
    loop.disarm(ofMember);
  }
}
