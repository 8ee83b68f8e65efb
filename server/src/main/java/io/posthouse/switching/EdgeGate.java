package io.posthouse.switching;

import io.posthouse.edge.Check;
import io.posthouse.edge.ClientLookups;
import io.posthouse.edge.EdgePolicy;
import io.posthouse.edge.Finding;
import io.posthouse.edge.HelloName;
import io.posthouse.edge.Inquiry;
import io.posthouse.edge.RecentClient;
import io.posthouse.model.EdgeChecks;
import io.posthouse.model.EdgeChecks.EarlyTalkers;
import io.posthouse.model.EdgeChecks.HelloCheck;
import io.posthouse.model.EdgeChecks.RefuseAt;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The edge checks of one link: while something is still to be found out about its client, its
 * greeting waits, or its next command.
 *
 * <p>A client that connects is listened to for a moment, and DNS is asked about its address; both
 * have a deadline, and the later one opens the gate. Behind XCLIENT, DNS is asked about the client
 * that was announced, and at the first message about the name that it gave itself; then its next
 * command waits, and nothing more of it is read. Whatever DNS does not answer in time is good.
 */
final class EdgeGate {
  /** What waits. */
  private enum Held {
    NOTHING,
    GREETING,
    COMMAND
  }

  /** What is looked at, and in whom. */
  private record Looked(Edge with, RecentClient client) {
    EdgeChecks settings() {
      return with.policy().settings();
    }
  }

  private final SmtpLink link;
  private final Loop loop;
  private final Admission admission;
  private final EdgeStanding standing = new EdgeStanding();
  private final EdgeLimits limits;
  private Held held = Held.NOTHING;

  /** What its client undergoes; null for nothing. */
  private @Nullable Looked looked;

  private @Nullable EdgeInquiry inquiry;
  private @Nullable Timeout pause;
  private @Nullable TarPit pit;
  private String helloName = "";

  EdgeGate(SmtpLink link, Loop loop, Admission admission) {
    this.link = link;
    this.loop = loop;
    this.admission = admission;
    this.limits = new EdgeLimits(link, loop, admission);
  }

  /** How much the client may send. */
  EdgeLimits limits() {
    return limits;
  }

  // ---- what the link asks

  /** Whether the client's next command waits. */
  boolean holdsCommand() {
    TarPit slow = pit;
    return isShut() || (slow != null && slow.holds(link.commands()));
  }

  /** Whether what the client sends is not its turn to send, so that no time runs for it. */
  boolean makesWait() {
    TarPit slow = pit;
    return isShut() || (slow != null && slow.isWaiting());
  }

  private boolean isShut() {
    return held != Held.NOTHING;
  }

  /** Whether the client is listened to although it is not its turn. */
  boolean listens() {
    return pause != null;
  }

  // ---- what happens

  /**
   * The client has connected, and was let in: whether it may be greeted now. Else it is greeted
   * here, later.
   *
   * @param with the checks; null for none
   * @param talksFirst whether the client must talk first, as with implicit TLS
   */
  boolean admits(@Nullable Edge with, boolean talksFirst) {
    if (with == null) {
      return true;
    }
    EarlyTalkers check = with.policy().settings().earlyTalkers();
    if (check != null && !talksFirst && !isExempt(with)) {
      with.policy().state().of(Check.EARLY_TALKERS).asked();
      Timeout listening = Timeout.then(() -> link.guard(this::paused));
      loop.arm(listening, check.pause().toMillis());
      pause = listening;
    }
    Reply refusal = lookAt(with, Held.GREETING);
    if (refusal != null) {
      stop();
      link.refuse(refusal);
    }
    return !isShut() && !link.ending().isOver();
  }

  /** A believed peer has said who the client is: the reply that ends the link, if any. */
  @Nullable Reply changed(@Nullable Edge with) {
    end();
    standing.clear();
    helloName = "";
    looked = null;
    limits.clear();
    return with == null ? null : lookAt(with, Held.COMMAND);
  }

  /** Octets of the client have come, or not. */
  void look(long octets) {
    Looked at = looked;
    if (pause == null || octets == 0 || at == null) {
      return;
    }
    EarlyTalkers check = at.settings().earlyTalkers();
    if (check != null) {
      standing.add(at.with().policy().talkedEarly(check));
    }
    paused();
  }

  /** The client begins a message, having called itself by this name. */
  void begins(Command.Hello hello, String ourName) {
    Looked at = looked;
    HelloCheck check = at == null ? null : at.settings().hello();
    if (at == null || check == null || hello.name().equals(helloName)) {
      return;
    }
    helloName = hello.name();
    standing.forget(Check.HELLO);
    InetAddress ours = admission.identity().destination().getAddress();
    HelloName.Said said = new HelloName.Said(helloName, ourName, ours);
    if (!isRemembered(HelloName.remembered(at.client(), said, loop.nanos()))) {
      Edge with = at.with();
      inquire(
          with,
          new HelloName(with.policy(), check, at.client(), said, with.dns()::known),
          Held.COMMAND);
    }
    if (!isShut()) {
      settle();
    }
  }

  /** Whether the client may send to a recipient: the reply that refuses it, or null. */
  @Nullable Reply refusal(Command.Rcpt to, boolean loggedIn) {
    boolean open = to.recipient().isPostmaster() || loggedIn;
    return open ? null : standing.atRecipient();
  }

  private boolean isExempt(Edge with) {
    return with.policy().exempts(admission.className());
  }

  /** Begins to look at the client: the reply that ends the link at once, if any. */
  private @Nullable Reply lookAt(Edge with, Held meanwhile) {
    if (isExempt(with)) {
      return null;
    }
    RecentClient client = with.policy().recent(admission.address());
    looked = new Looked(with, client);
    limits.use(with, client);
    Reply tooMany = limits.connection();
    if (tooMany != null) {
      return tooMany;
    }
    EdgeChecks settings = with.policy().settings();
    boolean asks = settings.dnsLists() != null || settings.reverseDns() != null;
    if (asks && !isRemembered(ClientLookups.remembered(client, loop.nanos()))) {
      inquire(with, new ClientLookups(with.policy(), client, with.dns()::known), meanwhile);
    }
    if (pause != null) {
      held = meanwhile;
    }
    return isShut() ? null : settle();
  }

  private boolean isRemembered(@Nullable List<Finding> before) {
    if (before == null) {
      return false;
    }
    before.forEach(standing::add);
    return true;
  }

  private void inquire(Edge with, Inquiry about, Held meanwhile) {
    EdgeInquiry next = new EdgeInquiry(with, loop, about, link::guard, this::open);
    inquiry = next;
    next.begin();
    if (next.isAwaited()) {
      held = meanwhile;
    }
  }

  // ---- the gate

  private void paused() {
    endPause();
    open();
  }

  /** Opens when all is known that is waited for. */
  private void open() {
    EdgeInquiry asking = inquiry;
    if (!isShut() || pause != null || (asking != null && asking.isAwaited())) {
      return;
    }
    link.begin();
    boolean greets = held == Held.GREETING;
    Reply refusal = settle();
    stop();
    if (refusal != null) {
      link.refuse(refusal);
    }
    if (greets) {
      link.greet();
    }
    link.end();
  }

  /** What was found becomes what the client meets: the reply that ends the link, if any. */
  private @Nullable Reply settle() {
    EdgeInquiry asked = inquiry;
    inquiry = null;
    if (asked != null) {
      asked.about().findings(loop.nanos()).forEach(standing::add);
      asked.about().refusing().forEach(link.log()::listRefuses);
      asked.stop();
    }
    Looked at = looked;
    if (at == null) {
      return null;
    }
    standing.news().forEach(link.log()::met);
    slowDown(at.with().policy());
    boolean now = at.settings().refuseAt() == RefuseAt.GREETING && helloName.isEmpty();
    return now ? standing.inPlaceOfGreeting() : null;
  }

  private void slowDown(EdgePolicy policy) {
    if (pit == null && standing.isSlow()) {
      pit = TarPit.enter(link, loop, policy);
    }
  }

  /** Nothing is waited for any more. */
  private void stop() {
    held = Held.NOTHING;
    endPause();
    EdgeInquiry asked = inquiry;
    if (asked != null) {
      inquiry = null;
      asked.about().abandoned(loop.nanos());
      asked.stop();
    }
  }

  private void endPause() {
    Timeout listening = pause;
    if (listening != null) {
      pause = null;
      loop.disarm(listening);
    }
  }

  /** The link is over. */
  void end() {
    stop();
    TarPit slow = pit;
    if (slow != null) {
      slow.leave();
      pit = null;
    }
  }
}
