package io.posthouse.switching;

import io.posthouse.backend.BackendConnection;
import io.posthouse.backend.MemberConnections;
import io.posthouse.balance.Choice;
import io.posthouse.net.Loop;
import io.posthouse.net.TlsFacts;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Errand;
import io.posthouse.smtp.session.Link;
import io.posthouse.smtp.session.Outlet;
import io.posthouse.smtp.session.Phase;
import io.posthouse.smtp.session.SessionEvent;
import io.posthouse.smtp.session.Transaction;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the session of one link asks of the world, carried out, and the errand at hand: its member,
 * its memory, its clock.
 *
 * <p>It is no part of {@link SmtpLink}, since the two look in opposite directions. What happens
 * goes through the link into the session; what is to be done comes out here. Nothing here begins or
 * ends an event.
 */
final class LinkOutlet implements Outlet {
  private final SmtpLink link;
  private final Loop loop;
  private final ClientConnection client;
  private final Admission admission;
  private final Announcement announcement;
  private final EdgeGate edge;
  private final Link session;
  private final MemberSide member;
  private final MemberTalk talk;
  private final MemberSearch search;
  private final EnvelopeShare envelope;

  /** What stands in front of the body of the message at hand. */
  private String trace = "";

  private long beginNanos;
  private long messages;

  LinkOutlet(
      SmtpLink link,
      ClientConnection client,
      Admission admission,
      EdgeGate edge,
      LinkVerdicts verdicts,
      SmtpServer.OfLoop shared,
      AtomicLong envelopeBudget) {
    this.link = link;
    this.loop = link.loop();
    this.client = client;
    this.admission = admission;
    this.announcement = link.announcement();
    this.edge = edge;
    SmtpServer.Running running = link.running();
    this.session = new Link(running.hostname(), running.limits(), this, verdicts);
    this.member = new MemberSide(session, shared.blocks(), link::guard);
    this.talk = new MemberTalk(link, session, member, admission);
    this.search = new MemberSearch(link, loop, admission, announcement, talk, shared.traffic());
    this.envelope = new EnvelopeShare(envelopeBudget);
  }

  /** The session that it serves; each needs the other, so it is made here. */
  Link session() {
    return session;
  }

  /** The link's hold on the member at hand. */
  MemberSide member() {
    return member;
  }

  /** The search for members. */
  MemberSearch search() {
    return search;
  }

  // ---- towards the client

  @Override
  public void toClient(Reply reply) {
    link.transcript().told(reply);
    client.say(reply.wire());
  }

  @Override
  public void secureClient() {
    link.secureClient();
  }

  @Override
  public boolean inputBehind() {
    return link.hasInputBehind();
  }

  @Override
  public boolean keeps(Command.Rcpt recipient) {
    return envelope.take(recipient);
  }

  @Override
  public EhloKeywords offer() {
    long mostOctets = link.running().limits().maxMessageSize();
    int mostRecipients = link.running().limits().maxRecipients();
    return admission.route().pool().offer(mostOctets, mostRecipients);
  }

  @Override
  public void close(CloseReason why) {
    link.ending().ask(why);
  }

  // ---- towards the member

  @Override
  public void acquire(Acquisition how, Errand errand) {
    if (how == Acquisition.FIRST || how == Acquisition.PINNED) {
      begin(how == Acquisition.FIRST, errand);
    }
    search.find(link.running(), admission.route(), how, errand);
  }

  private void begin(boolean mayMove, Errand errand) {
    member.begin(mayMove ? admission.route().pool().pool().retry().buffer().octets() : 0);
    envelope.clear();
    trace = "";
    if (errand instanceof Transaction message) {
      messages++;
      String hostname = link.running().hostname();
      edge.begins(message.hello(), hostname);
      trace = announcement.trace(message, hostname, client.tlsFacts(), link.now());
    }
    beginNanos = loop.nanos();
  }

  @Override
  public void toServer(Command command) {
    if (command instanceof Command.Mail) {
      talk.mailSent();
    }
    link.transcript().asked(command);
    member.send(command);
  }

  @Override
  public Command.@Nullable XClient told() {
    return announcement.told();
  }

  @Override
  public void secureServer() {
    member.secure();
  }

  @Override
  public void respond(String answer) {
    member.respond(answer);
  }

  @Override
  public int traceOctets() {
    return trace.length();
  }

  @Override
  public void trace() {
    member.trace(trace);
  }

  @Override
  public void replay(long from, long count) {
    member.replay(from, count);
  }

  @Override
  public boolean keepsLogin() {
    BackendConnection at = member.connection();
    return at != null && at.isWelcome(admission.route().pool());
  }

  @Override
  public void release(Disposition how) {
    search.cancel();
    member.release(how);
  }

  /** The member is disabled: if it has the errand at hand, it is taken away from it. */
  void cutFrom(MemberConnections disabled) {
    if (member.cut(disabled)) {
      talk.serverLost("the member is disabled");
    }
  }

  // ---- towards people

  @Override
  public boolean isPressure(Phase step, Reply reply) {
    return MailEvidence.isPressure(step, reply);
  }

  @Override
  public void emit(SessionEvent event) {
    search.tell(event);
    if (event instanceof SessionEvent.Answered answered) {
      edge.limits().sent(answered.transaction().octets());
    }
    link.log().happened(event);
  }

  // ---- the errand at hand

  /** An event has ended: what the errand at hand needs no more is given up. */
  void settle() {
    Transaction message = session.transaction();
    if (message == null) {
      forget(); // An idle link keeps nothing of its last message.
    } else if (message.isComplete()) {
      search.complete();
    }
  }

  /** The link is over. */
  void letGo() {
    forget();
    search.cancel();
  }

  private void forget() {
    member.clear();
    envelope.clear();
  }

  /** The member chosen last; null before the first. */
  @Nullable Choice<MemberConnections> choice() {
    return search.choice();
  }

  /** How many members were asked for it. */
  int tries() {
    return search.tries();
  }

  /** What the handshake with the member at hand came to; null in plain. */
  @Nullable TlsFacts memberTlsFacts() {
    BackendConnection at = member.connection();
    return at == null ? null : at.tlsFacts();
  }

  /** How long it has taken so far. */
  long millis() {
    return (loop.nanos() - beginNanos) / 1_000_000;
  }

  /** Messages that were begun on the link. */
  long messages() {
    return messages;
  }
}
