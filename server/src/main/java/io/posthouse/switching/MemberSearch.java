package io.posthouse.switching;

import io.netty.channel.ChannelHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.posthouse.backend.BackendConnection;
import io.posthouse.backend.BackendKey;
import io.posthouse.backend.BackendPool;
import io.posthouse.backend.Caller;
import io.posthouse.backend.Dial;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.Refusal;
import io.posthouse.backend.Route;
import io.posthouse.balance.Choice;
import io.posthouse.health.MemberStatus.Work;
import io.posthouse.health.SenderScope;
import io.posthouse.model.Pool;
import io.posthouse.net.DeadlineWheel;
import io.posthouse.net.Loop;
import io.posthouse.persist.ClientKey;
import io.posthouse.persist.PersistenceTable;
import io.posthouse.report.LoopTraffic;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Errand;
import io.posthouse.smtp.session.Login;
import io.posthouse.smtp.session.Outlet.Acquisition;
import io.posthouse.smtp.session.SessionEvent;
import io.posthouse.smtp.session.Transaction;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a member for one message after the other, and another one when one fails, within the pool's
 * bounds: tries, time, and the budget of all its messages.
 */
final class MemberSearch implements Caller {
  private static final Reply UNAVAILABLE =
      Reply.of(451, "4.3.2 No server can take this message now");
  private static final Reply CLOSING =
      Reply.of(421, "4.3.2 Service not available, try again later");

  /** How long after the end of data another member may be asked: clients do not wait for ever. */
  private static final long MOST_SINCE_COMPLETE = DeadlineWheel.ticks(60_000);

  private final SmtpLink link;
  private final Loop loop;
  private final Admission admission;
  private final Announcement announcement;
  private final MemberTalk talk;
  private final MessageCount count;
  private final Set<MemberConnections> tried = new HashSet<>(2);
  private InetAddress client;
  private long clientHash;
  private SmtpServer.@Nullable Running running;
  private @Nullable Route route;
  private @Nullable Dial dial;
  private @Nullable BackendConnection connecting;
  private @Nullable Choice<MemberConnections> choice;
  private @Nullable ClientKey persistentKey;
  private Set<String> requires = Set.of();
  private Command.@Nullable Hello hello;
  private SenderScope scope = SenderScope.OUTSIDE;
  private boolean freshOnly;
  private boolean loginOnly;

  /** Whether there was somebody else when the member at hand was found: looked at once a try. */
  private boolean othersUntried;

  /** Whether the member that failed last is in trouble, rather than displeased with its client. */
  private boolean inTrouble;

  private int tries;
  private long startTick;

  /** When the message was complete; -1 before. */
  private long completeTick;

  MemberSearch(
      SmtpLink link,
      Loop loop,
      Admission admission,
      Announcement announcement,
      MemberTalk talk,
      LoopTraffic traffic) {
    this.link = link;
    this.loop = loop;
    this.admission = admission;
    this.announcement = announcement;
    this.talk = talk;
    this.count = new MessageCount(traffic);
    this.client = admission.address();
  }

  /** The member chosen last; null before the first. */
  @Nullable Choice<MemberConnections> choice() {
    return choice;
  }

  /** How many members were asked for this message. */
  int tries() {
    return tries;
  }

  /** Whether somebody else could be asked if the member at hand fails. */
  boolean hasOthers() {
    return route != null && othersUntried && mayTryAgain();
  }

  void find(SmtpServer.Running with, Route by, Acquisition how, Errand errand) {
    requires = errand.requires();
    hello = errand.hello();
    switch (how) {
      case FIRST -> first(with, by, errand);
      case ANOTHER -> another();
      case SAME_FRESH -> sameFresh();
      case PINNED -> begin(with, by, errand); // Nothing is looked for.
    }
  }

  private void begin(SmtpServer.Running with, Route by, Errand errand) {
    running = with;
    route = by;
    client = admission.address();
    clientHash = ClientKey.of(client, 32, 64).hash();
    scope =
        switch (errand) {
          case Transaction message -> by.inside().scope(message.mail().sender().unicode());
          case Login _ -> SenderScope.INSIDE; // Whoever has a password is one of ours.
        };
    tries = 1;
    startTick = loop.tick();
    completeTick = -1;
    othersUntried = false;
  }

  private void first(SmtpServer.Running with, Route by, Errand errand) {
    begin(with, by, errand);
    tried.clear();
    loginOnly = errand instanceof Login;
    freshOnly = loginOnly; // What a kept connection that died has heard, nobody could say.
    choice = null;
    by.pool().retries().message();
    search(persistent(by));
  }

  private void another() {
    if (!mayTryAgain() || (inTrouble && !current().pool().retries().takeRetry())) {
      link.unavailable(unavailable());
      return;
    }
    tries++;
    freshOnly = loginOnly;
    search(null);
  }

  /** The whole message is there: its client waits for the last reply from now on. */
  void complete() {
    if (completeTick < 0) {
      completeTick = loop.tick();
    }
  }

  private boolean mayTryAgain() {
    Pool.Retry bounds = current().pool().pool().retry();
    long now = loop.tick();
    return tries < bounds.tries()
        && now - startTick < DeadlineWheel.ticks(bounds.within().toMillis())
        && (completeTick < 0 || now - completeTick < MOST_SINCE_COMPLETE);
  }

  private void sameFresh() {
    Choice<MemberConnections> same = choice;
    freshOnly = true;
    if (same != null) {
      tried.remove(same.load());
    }
    search(same == null ? null : same.name());
  }

  private Route current() {
    Route now = route;
    if (now == null) {
      throw new IllegalStateException("no message was begun");
    }
    return now;
  }

  private @Nullable String persistent(Route with) {
    persistentKey = null;
    PersistenceTable table = with.persistence();
    if (table == null) {
      return null;
    }
    ClientKey key = table.key(client);
    String hadBefore = table.member(key);
    Work work = hadBefore == null ? Work.NONE : with.pool().view().work(hadBefore, scope);
    if (work == Work.LAST_RESORT) {
      return null; // Under pressure: ignored for this message, but kept.
    }
    persistentKey = key;
    return hadBefore;
  }

  private void search(@Nullable String preferred) {
    Dial search = new Dial(current(), loop, client, clientHash, preferred, this);
    dial = search;
    search.start();
  }

  /** Ends a search under way. */
  void cancel() {
    Dial search = dial;
    if (search != null) {
      dial = null;
      search.cancel();
    }
  }

  /** What an event of the message at hand means for the health of the member chosen last. */
  void tell(SessionEvent event) {
    Choice<MemberConnections> about = choice;
    Route with = route;
    if (event instanceof SessionEvent.AttemptFailed attempt) {
      inTrouble =
          switch (attempt.failure().kind()) {
            case LOST, TIMEOUT, MALFORMED, PRESSURE, TLS -> true;
            case DEPARTED, GREETING_REFUSED, HELLO_REFUSED, REPLAY_REFUSED, NOT_CAPABLE -> false;
          };
    }
    if (about != null && with != null) {
      new MailEvidence(with.pool(), about, scope, clientHash).tell(event);
      count.tell(event);
    }
  }

  @Override
  public void guard(Runnable step) {
    link.guard(step);
  }

  @Override
  public SenderScope scope() {
    return scope;
  }

  @Override
  public boolean wants(MemberConnections member) {
    // One that was not heard yet comes into question; its own EHLO will tell.
    EhloKeywords offered = member.keywords();
    return !tried.contains(member) && (offered == null || offered.carry(requires));
  }

  @Override
  public @Nullable ChannelHandler preface() {
    return announcement.preface(link.tlsFacts());
  }

  @Override
  public @Nullable Object identity() {
    return announcement.identity();
  }

  @Override
  public @Nullable BackendConnection warm(MemberConnections member, BackendKey key) {
    return freshOnly ? null : member.idle().take(loop, key, hello);
  }

  @Override
  public ChannelHandler handler(
      EpollSocketChannel channel, MemberConnections member, BackendKey key) {
    BackendPool pool = current().pool();
    BackendConnection connection = new BackendConnection(pool, member, key, loop, channel, talk);
    connecting = connection;
    return connection;
  }

  @Override
  public void reused(BackendConnection connection, Choice<MemberConnections> made) {
    connection.serve(talk);
    found(connection, made);
  }

  @Override
  public void connected(EpollSocketChannel channel, Choice<MemberConnections> made) {
    BackendConnection connection = connecting;
    if (connection == null) {
      throw new AssertionError("connected without a handler");
    }
    connecting = null;
    found(connection, made);
    channel.read();
  }

  private void found(BackendConnection connection, Choice<MemberConnections> made) {
    dial = null;
    choice = made;
    tried.add(made.load());
    othersUntried = current().pool().hasOther(tried);
    PersistenceTable table = current().persistence();
    ClientKey key = persistentKey;
    if (table != null && key != null) {
      table.remember(key, made.name());
    }
    count.begins(link.running().settings().name(), client, current(), made.name(), connection);
    link.found(connection);
  }

  @Override
  public void refused(Refusal why) {
    dial = null;
    link.unavailable(unavailable());
  }

  private Reply unavailable() {
    SmtpServer.Running with = running;
    if (with == null) {
      throw new IllegalStateException("no message was begun");
    }
    return switch (with.settings().whenDownInEffect()) {
      case REPLY_421 -> CLOSING;
      case TEMPFAIL, CLOSE, RESET -> UNAVAILABLE;
    };
  }
}
