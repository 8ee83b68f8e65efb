package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.LinkServer;
import io.posthouse.door.EventSink;
import io.posthouse.door.Ticker;
import io.posthouse.health.InsideSenders;
import io.posthouse.model.Configuration;
import io.posthouse.model.Persistence;
import io.posthouse.model.ServerTls;
import io.posthouse.model.SmtpSettings;
import io.posthouse.model.VirtualServer;
import io.posthouse.net.LinkLimit;
import io.posthouse.net.Loops;
import io.posthouse.net.TlsAcceptor;
import io.posthouse.persist.PersistenceTable;
import io.posthouse.relay.TcpServer;
import io.posthouse.smtp.session.Security;
import io.posthouse.smtp.session.SessionLimits;
import io.posthouse.switching.SmtpServer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes a virtual server's links follow its settings: the one that runs takes them over, unless its
 * mode is another; then a new one does, and the old one keeps the links it has.
 */
final class ServerFactory {
  /** Octets of bodies that may be kept for another try, all links together. */
  private static final long REPLAY_OCTETS = 64L * 1024 * 1024;

  /** Octets that recipients may take beyond the first few of a message, all links together. */
  private static final long ENVELOPE_OCTETS = 64L * 1024 * 1024;

  /** Commands between two messages that move none of them. */
  private static final int MOST_IDLE_COMMANDS = 100;

  private final Loops loops;
  private final LinkLimit limit;
  private final EventSink events;
  private final Ticker ticker;
  private final AtomicLong replayBudget = new AtomicLong(REPLAY_OCTETS);
  private final AtomicLong envelopeBudget = new AtomicLong(ENVELOPE_OCTETS);

  ServerFactory(Loops loops, LinkLimit limit, EventSink events, Ticker ticker) {
    this.loops = loops;
    this.limit = limit;
    this.events = events;
    this.ticker = ticker;
  }

  LinkServer serve(
      VirtualServer settings,
      BackendPool pool,
      Configuration configuration,
      @Nullable TlsAcceptor tls,
      @Nullable LinkServer before) {
    return switch (settings.mode()) {
      case TCP -> tcp(settings, pool, configuration, tls, before);
      case SMTP -> smtp(settings, pool, configuration, tls, before);
      case NAT, DSR -> throw new AssertionError("unchecked mode of " + settings.name());
    };
  }

  /** Gives the next handshakes of a virtual server other certificates. */
  static void renew(LinkServer server, TlsAcceptor tls) {
    if (server instanceof SmtpServer smtp) {
      smtp.run(smtp.running().withTls(tls));
    } else if (server instanceof TcpServer tcp) {
      tcp.run(tcp.running().withTls(tls));
    }
  }

  private LinkServer tcp(
      VirtualServer settings,
      BackendPool pool,
      Configuration configuration,
      @Nullable TlsAcceptor tls,
      @Nullable LinkServer before) {
    TcpServer same = before instanceof TcpServer tcp ? tcp : null;
    PersistenceTable old = same == null ? null : same.running().persistence();
    TcpServer.Running with =
        new TcpServer.Running(
            settings, pool, table(settings.persistence(), old), tls, configuration.log().links());
    if (same == null) {
      return new TcpServer(with, loops, limit, events);
    }
    same.run(with);
    return same;
  }

  private LinkServer smtp(
      VirtualServer settings,
      BackendPool pool,
      Configuration configuration,
      @Nullable TlsAcceptor tls,
      @Nullable LinkServer before) {
    SmtpServer same = before instanceof SmtpServer smtp ? smtp : null;
    PersistenceTable old = same == null ? null : same.running().persistence();
    SmtpServer.Running with =
        new SmtpServer.Running(
            settings,
            pool,
            Machine.hostname(configuration),
            InsideSenders.of(pool.pool(), configuration.monitors()),
            table(settings.persistence(), old),
            tls,
            limits(settings),
            patience(settings),
            configuration.log().links());
    if (same == null) {
      return new SmtpServer(with, loops, limit, events, replayBudget, envelopeBudget);
    }
    same.run(with);
    return same;
  }

  private static SessionLimits limits(VirtualServer settings) {
    SmtpSettings smtp = settings.smtp();
    Security.Auth auth =
        switch (smtp.auth()) {
          case OFF -> Security.Auth.OFF;
          case OVER_TLS -> Security.Auth.OVER_TLS;
          case ALWAYS -> Security.Auth.ALWAYS;
        };
    return new SessionLimits(
        smtp.maxRecipients(),
        smtp.maxErrors(),
        MOST_IDLE_COMMANDS,
        smtp.maxMessageSize().octets(),
        new Security(tls(settings.tls()), auth));
  }

  private static Security.Tls tls(@Nullable ServerTls settings) {
    if (settings == null) {
      return Security.Tls.NONE;
    } else if (settings.implicit()) {
      return Security.Tls.IMPLICIT;
    }
    return switch (settings.startTlsInEffect()) {
      case OFF -> Security.Tls.NONE;
      case OPTIONAL -> Security.Tls.OPTIONAL;
      case REQUIRED -> Security.Tls.REQUIRED;
    };
  }

  private static SmtpServer.Patience patience(VirtualServer settings) {
    SmtpSettings smtp = settings.smtp();
    ServerTls tls = settings.tls();
    return new SmtpServer.Patience(
        smtp.commandTimeout().toMillis(),
        tls == null ? 0 : tls.handshakeTimeout().toMillis(),
        smtp.dataTimeout().toMillis(),
        smtp.minDataRate());
  }

  /** Keeps what is remembered as long as the settings are the same. */
  private @Nullable PersistenceTable table(
      @Nullable Persistence settings, @Nullable PersistenceTable old) {
    if (settings == null) {
      return null;
    }
    return old != null && old.settings().equals(settings)
        ? old
        : new PersistenceTable(settings, ticker::nanos);
  }
}
