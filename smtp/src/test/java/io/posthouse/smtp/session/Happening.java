package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One thing that may happen to a session.
 *
 * @param name for people
 * @param possible whether it may happen now
 * @param act what is done then
 */
record Happening(String name, Predicate<WatchedSession> possible, Consumer<WatchedSession> act) {

  /** Everything that may happen: each command, event and answer in every form that matters. */
  static List<Happening> all() {
    List<Happening> all = new ArrayList<>(ofTheClient());
    all.addAll(ofMembers());
    return List.copyOf(all);
  }

  /** What the client, or whoever ends us, may do. */
  static List<Happening> ofTheClient() {
    List<Happening> all = new ArrayList<>(commands());
    all.addAll(clientEvents());
    return all;
  }

  /** The one of a name. */
  static Happening named(String name) {
    return all().stream()
        .filter(each -> each.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name));
  }

  private static List<Happening> commands() {
    List<Happening> commands = new ArrayList<>();
    for (String line :
        List.of(
            "EHLO c.example",
            "HELO c.example",
            "MAIL FROM:<a@x>",
            "MAIL FROM:<a@x> SIZE=2000",
            "RCPT TO:<b@y>",
            "DATA",
            "BDAT 5",
            "BDAT 0",
            "BDAT 5 LAST",
            "BDAT 0 LAST",
            "RSET",
            "NOOP",
            "VRFY a",
            "EXPN a",
            "HELP",
            "STARTTLS",
            "AUTH PLAIN",
            "XCLIENT ADDR=192.0.2.7",
            "BOGUS",
            "QUIT")) {
      commands.add(command(line, line, false));
    }
    commands.add(command("DATA with octets behind it", "DATA", true));
    commands.add(command("STARTTLS with octets behind it", "STARTTLS", true));
    return commands;
  }

  private static Happening command(String name, String line, boolean more) {
    return new Happening(
        name,
        session -> takes(session, ClientInput.COMMAND),
        session -> session.command(line, more));
  }

  private static List<Happening> clientEvents() {
    Predicate<WatchedSession> line = session -> takes(session, ClientInput.COMMAND);
    Predicate<WatchedSession> data = session -> takes(session, ClientInput.DATA);
    Predicate<WatchedSession> chunk = session -> takes(session, ClientInput.CHUNK);
    Predicate<WatchedSession> answer = session -> takes(session, ClientInput.RESPONSE);
    Predicate<WatchedSession> handshake = session -> takes(session, ClientInput.HANDSHAKE);
    Predicate<WatchedSession> there = WatchedSession::isClientThere;
    return List.of(
        new Happening("a line too long", line, s -> s.badLine(s.link::lineTooLong)),
        new Happening("a line without end", line, s -> s.badLine(s.link::flood)),
        new Happening("another protocol", line, s -> s.badLine(s.link::notSmtp)),
        new Happening("a bare CR or LF", line.or(data), s -> s.badLine(s.link::bareLineEnd)),
        new Happening("the answer to a challenge", answer, s -> s.response("AGIAYw==")),
        new Happening("an answer that is no base64", answer, s -> s.response("a:b")),
        new Happening("the handshake is done", handshake, WatchedSession::clientSecured),
        new Happening("the handshake fails", handshake, s -> s.happens(s.link::clientNotSecured)),
        new Happening("octets of a body", data, s -> s.happens(() -> s.link.bodyOctets(3))),
        new Happening("end of data", data, WatchedSession::endOfData),
        new Happening("octets of a chunk", chunk, s -> s.happens(() -> s.link.bodyOctets(1))),
        new Happening(
            "rest of a chunk",
            chunk,
            s -> s.happens(() -> s.link.bodyOctets(s.link.chunkOctetsLeft()))),
        new Happening(
            "the client ends its output",
            there.and(s -> s.link.input() != ClientInput.HELD),
            WatchedSession::clientEnded),
        new Happening("the client is lost", s -> s.isClientThere(), WatchedSession::clientLost),
        new Happening(
            "the client is too slow",
            s -> s.link.clientPhase() != null,
            s -> s.happens(s.link::clientTimeout)),
        new Happening("shutdown", there, s -> s.happens(s.link::shutdown)));
  }

  /** What a member, the search for one, or its connection may do. */
  static List<Happening> ofMembers() {
    Predicate<WatchedSession> search = WatchedSession::isSearching;
    Predicate<WatchedSession> connected = WatchedSession::isConnected;
    return List.of(
        new Happening("a new connection", search, s -> s.acquired(fresh(MemberSecurity.PLAIN))),
        new Happening(
            "a new connection (TLS optional)",
            search,
            s -> s.acquired(fresh(MemberSecurity.OPTIONAL))),
        new Happening(
            "a new connection (TLS required)",
            search,
            s -> s.acquired(fresh(MemberSecurity.REQUIRED))),
        new Happening(
            "a new connection (XCLIENT)",
            search,
            s -> s.acquiredToTell(fresh(MemberSecurity.PLAIN))),
        new Happening("a kept connection", search, s -> s.acquired(kept("PIPELINING", "CHUNKING"))),
        new Happening(
            "a kept connection (no PIPELINING)", search, s -> s.acquired(kept("CHUNKING"))),
        new Happening(
            "a kept connection (no CHUNKING)", search, s -> s.acquired(kept("PIPELINING"))),
        new Happening(
            "a kept connection (another name)",
            search,
            s -> s.acquired(greeted("other.example", "PIPELINING", "CHUNKING"))),
        new Happening("no member", search, s -> s.unavailable(451)),
        new Happening("no member (when-down: 421)", search, s -> s.unavailable(421)),
        new Happening("the answer hoped for", s -> s.awaited() != null, WatchedSession::good),
        new Happening("250", connected, s -> s.reply(250, "ok")),
        new Happening("354", connected, s -> s.reply(354, "ok")),
        new Happening("334", connected, s -> s.reply(334, "ok")),
        new Happening("451", connected, s -> s.reply(451, "4.7.1 later")),
        new Happening("550", connected, s -> s.reply(550, "5.7.1 no")),
        new Happening("421 4.7.0", connected, s -> s.reply(421, "4.7.0 bye")),
        new Happening("452 4.3.1", connected, s -> s.reply(452, "4.3.1 full")),
        new Happening(
            "the handshake with the member fails",
            s -> s.awaited() == ServerSide.Step.HANDSHAKE,
            s -> s.fault(() -> s.link.serverNotSecured("expired"))),
        new Happening("the member drains", WatchedSession::isPinned, WatchedSession::drains),
        new Happening("the member is lost", connected, s -> s.fault(() -> lost(s))),
        new Happening(
            "the member is too slow",
            WatchedSession::isMemberWaitedFor,
            s -> s.fault(s.link::serverTimeout)),
        new Happening(
            "nonsense", connected, s -> s.fault(() -> s.link.serverMalformed("no reply"))),
        new Happening(
            "all of it is with the kernel", s -> s.link.awaitsCommit(), WatchedSession::committed),
        new Happening(
            "the replay buffer is full",
            s -> s.link.forwardsBody(),
            s -> s.happens(s.link::replayLost)));
  }

  private static ServerSide fresh(MemberSecurity security) {
    return new ServerSide(security, security == MemberSecurity.PLAIN);
  }

  private static void lost(WatchedSession session) {
    session.link.serverLost("reset");
  }

  private static boolean takes(WatchedSession session, ClientInput input) {
    return session.isClientThere() && session.link.input() == input;
  }

  /** A connection that served this client's last message. */
  private static ServerSide kept(String... keywords) {
    return greeted("c.example", keywords);
  }

  private static ServerSide greeted(String name, String... keywords) {
    ServerSide kept = new ServerSide();
    kept.answered(Reply.of(220, "m"));
    List<String> lines = new ArrayList<>(List.of("m"));
    lines.addAll(List.of(keywords));
    kept.greeted(new Command.Hello(true, name), EhloKeywords.of(new Reply(250, lines)));
    return kept;
  }

  @Override
  public String toString() {
    return name;
  }
}
