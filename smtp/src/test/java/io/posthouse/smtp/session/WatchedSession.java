package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.CommandParser;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Parsed;
import io.posthouse.smtp.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A link between a client and members that do whatever they are told to, which looks at the laws
 * while it happens: each reply is one that its command may get, a 2xx for a message is the word of
 * the member that has it, no fault of a member becomes a 5xx, one connection at a time.
 *
 * <p>A member's words name what they answer, so that they can be told apart at the client.
 */
final class WatchedSession implements Outlet, Verdicts {
  /** What a command that waited for its turn may hear then for reasons of its own. */
  private static final Set<Reply> CLIENTS_OWN_FAULTS =
      Set.of(
          Replies.NO_TRANSACTION,
          Replies.NO_RECIPIENTS,
          Replies.RCPT_FIRST,
          Replies.NESTED_MAIL,
          Replies.CHUNKS_BEGUN,
          Replies.CHUNK_MISSING,
          Replies.TOO_BIG);

  private static final String OURS = "(bad|BOGUS|NOOP|VRFY|EXPN|HELP).*|.* SIZE=.*";
  private static final Security SECURITY =
      new Security(Security.Tls.OPTIONAL, Security.Auth.ALWAYS);

  final Link link =
      new Link("mx.example", new SessionLimits(3, 50, 100, 1000, SECURITY), this, this);
  private final List<String> effects = new ArrayList<>();
  private final Deque<String> unanswered = new ArrayDeque<>();
  private final List<String> words = new ArrayList<>();
  private @Nullable ServerSide server;
  private @Nullable Transaction told;
  private @Nullable CloseReason closed;
  private boolean searching;
  private boolean tells;
  private boolean inputBehind;
  private boolean fault;
  private boolean clientGone;
  private boolean clientEnded;
  private boolean mailRefused;
  private boolean memberHasIt;
  private boolean secured;
  private boolean pinned;
  private boolean loginLost;
  private boolean drains;

  WatchedSession() {
    unanswered.add("greeting");
    link.open();
  }

  /** How many commands wait for an answer. */
  int waiting() {
    return unanswered.size();
  }

  // ---- what it is asked

  boolean isSearching() {
    return searching;
  }

  boolean isConnected() {
    return server != null;
  }

  boolean isClientThere() {
    return !clientGone && !clientEnded && closed == null;
  }

  /** Whether the client has logged in at the member at hand, which goes on taking its mail. */
  boolean isPinned() {
    return pinned && !drains;
  }

  void drains() {
    drains = true;
  }

  /** What the member owes first; null for nothing. */
  ServerSide.@Nullable Expected awaited() {
    return server == null ? null : server.awaited();
  }

  /** Whether a deadline of the member may be running. */
  boolean isMemberWaitedFor() {
    return server != null && (link.serverPhase() != null || link.forwardsBody());
  }

  /** Whether a member said so. */
  boolean isAMembersWord(String text) {
    return words.contains(text);
  }

  /** What was done since the last look. */
  List<String> take() {
    List<String> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }

  /** All that makes a difference to what comes next, but for counts. */
  String key() {
    ServerSide member = server;
    StringBuilder key = new StringBuilder();
    key.append(link.state()).append(' ').append(link.input());
    key.append(searching ? " searching" : "").append(clientGone ? " gone" : "");
    key.append(clientEnded ? " ended" : "").append(' ').append(open());
    if (member != null) {
      key.append(" member ").append(step(member.awaited())).append(member.isStaleSuspect());
      key.append(member.keywords().has("PIPELINING")).append(member.errors() > 0);
      key.append(member.fellBack()).append(member.isSecured()).append(member.isToBeSecured());
      key.append(member.isAtCommand()).append(member.isAnnounced()).append(tells);
    }
    key.append(secured).append(pinned).append(loginLost).append(drains);
    Transaction now = link.transaction();
    if (now != null) {
      key.append(" mail ").append(severity(now.mailReply)).append(' ');
      now.recipients().forEach(each -> key.append(each.outcome()).append(' '));
      key.append(now.mailSent).append(now.recipientsSent).append(now.dataSent);
      key.append(now.dataRequested).append(now.dataGranted).append(now.complete);
      key.append(now.committed).append(now.replayable).append(now.octets > 0);
      key.append(now.chunked).append(now.chunkMissing).append(now.chunkSent);
      key.append(now.chunkedOctets > 0).append(now.oldChunksSent).append(severity(now.lastReply));
      key.append(now.chunk == null ? "" : now.chunk.last());
    }
    return key.toString();
  }

  /** The commands that wait for an answer: all that we answer ourselves are one. */
  private List<String> open() {
    return unanswered.stream()
        .map(line -> line.replaceFirst(OURS, "ours").replaceFirst(" .*:.*", ""))
        .toList();
  }

  private static int severity(@Nullable Reply reply) {
    return reply == null ? 0 : reply.severity();
  }

  // ---- what happens

  void command(String line) {
    command(line, false);
  }

  /** A command with octets behind it that came with it. */
  void command(String line, boolean more) {
    unanswered.add(line);
    inputBehind = more;
    switch (CommandParser.parse(line)) {
      case Command parsed -> link.command(parsed);
      case Parsed.Refused refused -> link.refused(refused);
    }
    look();
  }

  /** The client answers a challenge. */
  void response(String answer) {
    unanswered.add("response");
    happens(() -> link.response(answer));
  }

  void clientSecured() {
    secured = true;
    happens(link::clientSecured);
  }

  void badLine(Runnable event) {
    unanswered.add("bad line");
    happens(event);
  }

  void endOfData() {
    link.bodyOctets(3);
    unanswered.add(".");
    happens(link::endOfData);
  }

  void clientLost() {
    clientGone = true;
    unanswered.clear();
    happens(link::clientLost);
  }

  void clientEnded() {
    clientEnded = true;
    if (link.state() == ClientState.BODY || link.input() == ClientInput.CHUNK) {
      unanswered.clear(); // Nobody answers half a message.
    }
    if (link.state() == ClientState.DISCARD) {
      unanswered.clear();
    }
    happens(link::clientEnded);
  }

  void committed() {
    if (link.awaitsCommit()) {
      told = link.transaction();
      memberHasIt = true;
    }
    happens(link::committed);
  }

  /** A new connection to a member that is to be told who the client is. */
  void acquiredToTell(ServerSide connection) {
    tells = true;
    acquired(connection);
  }

  void acquired(ServerSide connection) {
    searching = false;
    server = connection;
    happens(() -> link.acquired(connection));
  }

  void unavailable(int code) {
    searching = false;
    fault(() -> link.unavailable(Reply.of(code, Replies.NO_MEMBER.text())));
  }

  /** The member says something; what it owes first stands in it. */
  void reply(int code, String text) {
    ServerSide.Expected asked = awaited();
    ServerSide said = server;
    boolean ending = asked == ServerSide.Step.FINAL && code != 452 && code != 421;
    String word = text + " " + step(asked) + " " + words.size();
    words.add(word);
    Reply reply =
        asked == ServerSide.Step.HELLO && code == 250
            ? new Reply(250, offers(said))
            : Reply.of(code, word);
    Transaction now = link.transaction();
    boolean early = code < 400 && !memberHasIt;
    if (asked == ServerSide.Step.FINAL && now != null && now.complete) {
      told = ending && !early ? now : null;
    }
    if (code < 400 || code == 452 || code == 421) {
      fault(() -> link.reply(reply));
    } else {
      happens(() -> link.reply(reply));
    }
    if (code == 421) {
      assertThat(server).as("kept although it closes").isNotSameAs(said);
    }
  }

  private static List<String> offers(@Nullable ServerSide by) {
    return by != null && by.isSecured()
        ? List.of("m", "PIPELINING", "CHUNKING", "AUTH PLAIN", "XCLIENT ADDR")
        : List.of("m", "PIPELINING", "CHUNKING", "AUTH PLAIN", "XCLIENT ADDR", "STARTTLS");
  }

  /** Something that is the client's, or nobody's. */
  void happens(Runnable event) {
    event.run();
    look();
  }

  /** Something that the client has no part in. */
  void fault(Runnable event) {
    fault = true;
    event.run();
    fault = false;
    look();
  }

  /** From here on everybody does what he should, to a good end. */
  void finish() {
    for (int step = 0; closed == null; step++) {
      assertThat(step).as("it goes on for ever").isLessThan(100);
      if (searching) {
        acquired(new ServerSide(MemberSecurity.PLAIN, true));
      } else if (isClientThere() && !isTheMembersTurn()) {
        clientGoesOn();
      } else if (awaited() != null) {
        committed();
        good();
      } else {
        clientGoesOn();
      }
    }
    assertThat(searching || server != null).as("a connection is left").isFalse();
  }

  private boolean isTheMembersTurn() {
    return switch (link.input()) {
      case DATA, CHUNK, RESPONSE, HANDSHAKE -> false;
      case COMMAND, HELD, CLOSED -> awaited() != null;
    };
  }

  /** The member answers what it owes first as a good one does. */
  void good() {
    switch (Objects.requireNonNull(awaited())) {
      case ServerSide.Step.GREETING, ServerSide.Step.XCLIENT -> reply(220, "ok");
      case ServerSide.Step.STARTTLS -> reply(220, "ok");
      case ServerSide.Step.HANDSHAKE -> happens(link::serverSecured);
      case ServerSide.Step.AUTH -> reply(235, "ok");
      case ServerSide.Step.DATA -> reply(354, "ok");
      default -> reply(250, "ok");
    }
  }

  private void clientGoesOn() {
    switch (link.input()) {
      case COMMAND -> command("QUIT");
      case DATA -> endOfData();
      case RESPONSE -> response("AAAA");
      case HANDSHAKE -> clientSecured();
      case CHUNK -> happens(() -> link.bodyOctets(link.chunkOctetsLeft()));
      case HELD, CLOSED -> throw new AssertionError("stuck in " + link.state());
    }
  }

  // ---- the laws

  private void look() {
    if (closed != null) {
      assertThat(searching || server != null).as("a connection is left").isFalse();
      return;
    }
    boolean memberActs = searching || link.serverPhase() != null;
    if (link.input() == ClientInput.HELD) {
      assertThat(memberActs).as("held, and nothing is waited for").isTrue();
    }
    if (link.input() == ClientInput.COMMAND && !unanswered.isEmpty() && !clientGone) {
      assertThat(memberActs).as("nobody will answer " + unanswered).isTrue();
    }
  }

  @Override
  public void toClient(Reply reply) {
    assertThat(link.state()).as("a word within a handshake").isNotEqualTo(ClientState.HANDSHAKE);
    String line = reply.phrase();
    effects.add("S: " + line);
    String command = unanswered.poll();
    if (reply.code() == 421
        || reply.equals(Replies.BARE_LINE_END)
        || reply.equals(Replies.LINE_TOO_LONG)) {
      return; // A last word, whatever was asked.
    }
    assertThat(command).as("one reply too many: " + line).isNotNull();
    String kind = Objects.requireNonNull(command).replaceFirst(" .*", "").replace(".", "FINAL");
    if (words.contains(reply.text())) {
      assertThat(AnswerLaw.passes(command, kind, reply)).as(line + " for " + command).isTrue();
      if (reply.severity() == 2 && (kind.equals("FINAL") || command.endsWith("LAST"))) {
        assertThat(memberHasIt).as("taken by a member that has not got it").isTrue();
      }
    } else {
      assertThat(AnswerLaw.isOurs(kind, reply)).as(line + " for " + command).isTrue();
    }
    boolean ofMail = Set.of("MAIL", "RCPT", "DATA", "BDAT", "FINAL").contains(kind);
    boolean refusesItsClient = reply.text().matches(".* (GREETING|HELLO) .*");
    if (kind.equals("MAIL")) {
      mailRefused = reply.severity() != 2;
    }
    boolean noMail = mailRefused && reply.equals(Replies.MAIL_FIRST);
    if (fault && ofMail && reply.severity() == 5 && !refusesItsClient && !noMail) {
      assertThat(CLIENTS_OWN_FAULTS).contains(reply);
    }
  }

  @Override
  public void toServer(Command command) {
    effects.add(">> " + command.line());
    assertThat(server).as("a command to nobody: " + command.line()).isNotNull();
    boolean harmless = command instanceof Command.Hello || command instanceof Command.StartTls;
    assertThat(harmless || !Objects.requireNonNull(server).isToBeSecured())
        .as("in plain: " + command.line())
        .isTrue();
  }

  @Override
  public void respond(String answer) {
    effects.add(">> the answer");
    assertThat(awaited()).as("an answer that nobody waits for").isEqualTo(ServerSide.Step.AUTH);
  }

  @Override
  public void secureClient() {
    effects.add("-- TLS with the client");
    assertThat(searching || server != null).as("a connection of one in plain").isFalse();
    loginLost = false;
  }

  @Override
  public void secureServer() {
    effects.add("-- TLS with the member");
    assertThat(Objects.requireNonNull(server).isSecured()).isFalse();
  }

  @Override
  public boolean keepsLogin() {
    return !drains;
  }

  @Override
  public void acquire(Acquisition how, Errand errand) {
    effects.add("-- acquire " + how);
    assertThat(errand).as("it may have been taken already").isNotSameAs(told);
    assertThat(clientGone || clientEnded).as("a try for nobody").isFalse();
    assertThat(loginLost).as("where its client is not logged in").isFalse();
    memberHasIt = false;
    if (how == Acquisition.PINNED) {
      assertThat(pinned && server != null && !drains).isTrue();
      return;
    }
    assertThat(searching || server != null).as("a second connection").isFalse();
    searching = true;
  }

  @Override
  public void release(Disposition how) {
    effects.add("-- release " + how);
    assertThat(searching || server != null).as("released once").isTrue();
    searching = false;
    tells = false;
    server = null;
    loginLost = pinned;
    pinned = false;
    drains = false;
  }

  @Override
  public void replay(long from, long count) {
    effects.add("-- replay");
    assertThat(server).as("a body to nobody").isNotNull();
  }

  @Override
  public boolean believesXClient() {
    return true;
  }

  @Override
  public Command.@Nullable XClient told() {
    return tells ? new Command.XClient(Map.of("ADDR", "192.0.2.7")) : null;
  }

  @Override
  public boolean inputBehind() {
    return inputBehind;
  }

  @Override
  public EhloKeywords offer() {
    return new EhloKeywords(
        Map.of("PIPELINING", "", "CHUNKING", "", "SIZE", "1000", "AUTH", "PLAIN"));
  }

  @Override
  public boolean isPressure(Phase step, Reply reply) {
    return reply.text().startsWith("4.3.1");
  }

  @Override
  public void close(CloseReason why) {
    effects.add("-- close " + why);
    assertThat(closed).isNull();
    closed = why;
    if (why != CloseReason.UNAVAILABLE) { // Its 421 stands for a command that was parked too.
      assertThat(unanswered).as("commands without an answer").isEmpty();
    }
  }

  @Override
  public void emit(SessionEvent event) {
    effects.add("-- event " + event.getClass().getSimpleName());
    if (event instanceof SessionEvent.LoginEnded login && login.reply().severity() == 2) {
      pinned = true;
    }
  }

  private String step(ServerSide.@Nullable Expected asked) {
    return switch (asked) {
      case null -> link.state() == ClientState.BODY ? "BODY" : "NOTHING";
      case ServerSide.Step step -> step.name();
      case ServerSide.Rcpt _ -> "RCPT";
    };
  }
}
