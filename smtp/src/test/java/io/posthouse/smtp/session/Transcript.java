package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.CommandParser;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Parsed;
import io.posthouse.smtp.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An outlet that writes everything down, and the two peers' side of a script. */
final class Transcript implements Outlet, Verdicts {
  final List<String> lines = new ArrayList<>();
  final Link link;
  final List<SessionEvent> events = new ArrayList<>();
  Reply told = Reply.of(220, "");
  boolean inputBehind;
  boolean keepsLogin = true;

  /** Whether the client's class leads to another pool once the next message looks at it. */
  boolean moves;

  boolean believes;
  Command.@Nullable XClient toTell;
  @Nullable Reply refusal;
  @Nullable String refusedDomain;
  @Nullable String refusedName;
  @Nullable Reply refusedBody;
  @Nullable Reply refusedIdentity;
  int traceOctets;
  EhloKeywords offered = new EhloKeywords(Map.of("PIPELINING", "", "CHUNKING", "", "SIZE", "1000"));

  Transcript() {
    this(Security.NONE);
  }

  Transcript(Security security) {
    link = new Link("mx.example", new SessionLimits(3, 5, 50, 1000, security), this, this);
  }

  @Override
  public void toClient(Reply reply) {
    told = reply;
    lines.add("S: " + reply.code() + " " + reply.lines().getFirst());
  }

  @Override
  public void toServer(Command command) {
    lines.add(">> " + command.line());
  }

  @Override
  public void acquire(Acquisition how, Errand errand) {
    lines.add("-- acquire " + how);
  }

  @Override
  public void release(Disposition how) {
    lines.add("-- release " + how);
  }

  @Override
  public void replay(long from, long count) {
    lines.add("-- replay " + from + "+" + count);
  }

  @Override
  public void respond(String answer) {
    lines.add(">> (answer) " + answer);
  }

  @Override
  public void secureClient() {
    lines.add("-- TLS with the client");
  }

  @Override
  public void secureServer() {
    lines.add("-- TLS with the member");
  }

  @Override
  public boolean keepsLogin() {
    return keepsLogin;
  }

  @Override
  public Command.@Nullable XClient told() {
    return toTell;
  }

  @Override
  public boolean believesXClient() {
    return believes;
  }

  @Override
  public @Nullable Reply identify(Command.XClient said) {
    lines.add("-- identify " + said.attributes());
    return refusedIdentity;
  }

  @Override
  public @Nullable Reply hello(Command.Hello hello, boolean secured) {
    return hello.name().equals(refusedName) ? Reply.of(550, "5.7.1 Not you") : null;
  }

  @Override
  public @Nullable Reply mail(Command.Mail mail, boolean secured, boolean loggedIn) {
    keepsLogin &= !moves;
    return refusal;
  }

  @Override
  public @Nullable Reply recipient(Transaction message, Command.Rcpt recipient, boolean loggedIn) {
    return recipient.recipient().domain().equals(refusedDomain) ? Reply.of(550, "5.7.1 No") : null;
  }

  @Override
  public @Nullable Reply body(Transaction message) {
    return refusedBody;
  }

  @Override
  public int traceOctets() {
    return traceOctets;
  }

  @Override
  public void trace() {
    if (traceOctets > 0) {
      lines.add("-- trace");
    }
  }

  @Override
  public boolean inputBehind() {
    return inputBehind;
  }

  @Override
  public EhloKeywords offer() {
    return offered;
  }

  @Override
  public boolean isPressure(Phase step, Reply reply) {
    return (reply.code() == 452 && reply.text().startsWith("4.3.1"))
        || (reply.code() == 421 && reply.text().startsWith("4.4.2"));
  }

  @Override
  public void close(CloseReason why) {
    lines.add("-- close " + why);
  }

  @Override
  public void emit(SessionEvent event) {
    events.add(event);
    lines.add("-- event " + event.getClass().getSimpleName());
  }

  /** The client sends lines; those that the link would not read are an error of the script. */
  Transcript client(String... commands) {
    for (String command : commands) {
      if (link.input() != ClientInput.COMMAND) {
        throw new AssertionError(command + " while " + link.input());
      }
      switch (CommandParser.parse(command)) {
        case Command parsed -> link.command(parsed);
        case Parsed.Refused refused -> link.refused(refused);
      }
    }
    return this;
  }

  /** The body of DATA comes to its end. */
  Transcript body(long octets) {
    if (link.input() != ClientInput.DATA) {
      throw new AssertionError("a body while " + link.input());
    }
    link.bodyOctets(octets);
    link.endOfData();
    return this;
  }

  /** A new connection is there, greets and offers. */
  Transcript freshMember(String... keywords) {
    return member(new ServerSide(), keywords);
  }

  /** The same of a connection that the test looks at. */
  Transcript member(ServerSide connection, String... keywords) {
    link.acquired(connection);
    member("220 hello");
    List<String> lines = new ArrayList<>(List.of("member"));
    lines.addAll(List.of(keywords));
    link.reply(new Reply(250, lines));
    return this;
  }

  /** The member answers, and has all that it was sent before. */
  Transcript member(String... replies) {
    link.committed();
    for (String reply : replies) {
      link.reply(Reply.of(Integer.parseInt(reply.substring(0, 3)), reply.substring(4)));
    }
    return this;
  }

  /** Everything since the last look. */
  List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }
}
