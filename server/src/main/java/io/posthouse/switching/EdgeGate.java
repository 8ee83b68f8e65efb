package io.posthouse.switching;

import io.posthouse.edge.Answer;
import io.posthouse.edge.Check;
import io.posthouse.edge.ClientLookups;
import io.posthouse.edge.EdgePolicy;
import io.posthouse.edge.Finding;
import io.posthouse.edge.HelloName;
import io.posthouse.edge.Inquiry;
import io.posthouse.edge.Lookup;
import io.posthouse.model.EdgeChecks;
import io.posthouse.model.EdgeChecks.EarlyTalkers;
import io.posthouse.model.EdgeChecks.HelloCheck;
import io.posthouse.model.EdgeChecks.RefuseAt;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Link;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
  private final SmtpLink link;
  private final Loop loop;
  private final Link session;
  private final Admission admission;
  private final EdgeStanding standing = new EdgeStanding();
  private final EdgeLimits limits;
  private @Nullable Edge edge;
  private @Nullable Inquiry inquiry;
  private @Nullable Timeout pause;
  private @Nullable Timeout patience;
  private @Nullable TarPit pit;
  private final Map<Lookup, Consumer<Answer>> questions = new HashMap<>(0);
  private String helloName = "";
  private boolean shut;
  private boolean greeted;

  EdgeGate(SmtpLink link, Loop loop, Link session, Admission admission) {
    this.link = link;
    this.loop = loop;
    this.session = session;
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
    return shut || (slow != null && slow.holds(link.commands()));
  }

  /** Whether what the client sends is not its turn to send, so that no time runs for it. */
  boolean makesWait() {
    TarPit slow = pit;
    return shut || (slow != null && slow.isWaiting());
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
    if (with == null || link.believesXClient()) {
      greeted = true;
      return true; // Of a peer that speaks for others, the others are looked at.
    }
    EarlyTalkers check = with.policy().settings().earlyTalkers();
    if (check != null && !talksFirst && !isExempt(with)) {
      with.policy().state().of(Check.EARLY_TALKERS).asked();
      pause = armed(check.pause().toMillis(), this::paused);
    }
    Reply refusal = lookAt(with);
    if (refusal != null) {
      stop();
      link.refuse(refusal);
    }
    greeted = !shut;
    return greeted && !link.isOver();
  }

  /** A believed peer has said who the client is: the reply that ends the link, if any. */
  @Nullable Reply changed(@Nullable Edge with) {
    end();
    standing.clear();
    helloName = "";
    edge = null;
    limits.use(null);
    return with == null ? null : lookAt(with);
  }

  /** Octets of the client have come, or not. */
  void look(long octets) {
    Edge with = edge;
    if (pause == null || octets == 0 || with == null) {
      return;
    }
    EarlyTalkers check = with.policy().settings().earlyTalkers();
    if (check != null) {
      standing.add(with.policy().talkedEarly(check));
    }
    paused();
  }

  /** The client begins a message, having called itself by this name. */
  void begins(Command.Hello hello, String ourName) {
    Edge with = edge;
    HelloCheck check = with == null ? null : with.policy().settings().hello();
    if (with == null || check == null || hello.name().equals(helloName)) {
      return;
    }
    helloName = hello.name();
    standing.forget(Check.HELLO);
    inquire(
        with,
        new HelloName(
            with.policy(),
            check,
            helloName,
            admission.address(),
            ourName,
            admission.identity().destination().getAddress()));
    if (!shut) {
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
  private @Nullable Reply lookAt(Edge with) {
    if (isExempt(with)) {
      return null;
    }
    edge = with;
    limits.use(with);
    Reply tooMany = limits.connection();
    if (tooMany != null) {
      return tooMany;
    }
    EdgeChecks settings = with.policy().settings();
    if (settings.dnsLists() != null || settings.reverseDns() != null) {
      inquire(with, new ClientLookups(with.policy(), admission.address()));
    }
    shut |= pause != null;
    return shut ? null : settle();
  }

  // ---- DNS

  private void inquire(Edge with, Inquiry about) {
    inquiry = about;
    ask(with, about, about.first(loop.nanos()));
    if (!about.isDone()) {
      shut = true;
      patience =
          armed(
              with.policy().settings().timeout().toMillis(),
              () -> {
                patience = null;
                open();
              });
    }
  }

  private void ask(Edge with, Inquiry about, List<Lookup> all) {
    for (Lookup each : all) {
      Answer known = with.dns().known(each);
      if (known != null) {
        ask(with, about, about.answered(each, known, loop.nanos()));
      } else {
        Consumer<Answer> then = answer -> answered(with, about, each, answer);
        questions.put(each, then);
        with.dns().ask(loop, each, then);
      }
    }
  }

  private void answered(Edge with, Inquiry about, Lookup asked, Answer answer) {
    if (!about.equals(inquiry)) {
      return; // Too late.
    }
    questions.remove(asked);
    ask(with, about, about.answered(asked, answer, loop.nanos()));
    open();
  }

  // ---- the gate

  private void paused() {
    disarm(pause);
    pause = null;
    open();
  }

  /** Opens when all is known that is waited for. */
  private void open() {
    boolean asking = patience != null && inquiry != null && !inquiry.isDone();
    if (!shut || pause != null || asking) {
      return;
    }
    link.begin();
    Reply refusal = settle();
    stop();
    if (refusal != null) {
      link.refuse(refusal);
    }
    if (!greeted) {
      greeted = true;
      greet();
    }
    link.end();
  }

  private void greet() {
    if (!link.isOver()) {
      session.open();
    }
  }

  /** What was found becomes what the client meets: the reply that ends the link, if any. */
  private @Nullable Reply settle() {
    Edge with = edge;
    Inquiry about = inquiry;
    inquiry = null;
    if (with == null) {
      return null;
    }
    if (about != null) {
      about.findings(loop.nanos()).forEach(standing::add);
      about.refusing().forEach(list -> link.tell(SwitchingLog.listRefuses(link, list)));
    }
    for (Finding each : standing.news()) {
      link.tell(SwitchingLog.met(link, each));
    }
    slowDown(with.policy());
    boolean now = with.policy().settings().refuseAt() == RefuseAt.GREETING && helloName.isEmpty();
    return now ? standing.inPlaceOfGreeting() : null;
  }

  private void slowDown(EdgePolicy policy) {
    if (pit == null && standing.isSlow()) {
      pit = TarPit.enter(link, loop, policy);
    }
  }

  /** Nothing is waited for any more. */
  private void stop() {
    shut = false;
    inquiry = null;
    disarm(pause);
    disarm(patience);
    pause = null;
    patience = null;
    Edge with = edge;
    if (with != null) {
      questions.forEach((lookup, then) -> with.dns().forget(loop, lookup, then));
    }
    questions.clear();
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

  private Timeout armed(long millis, Runnable then) {
    Timeout timeout =
        new Timeout() {
          @Override
          protected void expired(long tick) {
            then.run();
          }
        };
    loop.arm(timeout, millis);
    return timeout;
  }

  private void disarm(@Nullable Timeout timeout) {
    if (timeout != null) {
      loop.disarm(timeout);
    }
  }
}
