package io.posthouse.probe;

import io.posthouse.audit.RelayPatterns.Pattern;
import io.posthouse.audit.Tried;
import io.posthouse.audit.Tried.Outcome;
import io.posthouse.smtp.Printable;
import io.posthouse.smtp.Reply;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a server whether it relays: EHLO, MAIL and RCPT, a few recipients on each connection, so
 * that none is thrown out for its errors. Never DATA. Blocks.
 */
public final class RelayQuestions {
  private static final int A_CONNECTION = 5;
  private static final int MOST_SAID = 160;

  private final Way way;
  private final String hello;

  /**
   * How connections are made.
   *
   * @param implicit whether TLS comes before everything
   */
  public record Way(Connector connector, boolean implicit) {}

  /** Makes one connection. */
  @FunctionalInterface
  public interface Connector {
    /** A connected socket, which the caller closes. */
    Socket connect() throws IOException;
  }

  /** Questions by a way, with our own name. */
  public RelayQuestions(Way way, String hello) {
    this.way = way;
    this.hello = hello;
  }

  /** Asks them all; one answer for each, in order. */
  public List<Tried> ask(List<Pattern> patterns) {
    List<Tried> tried = new ArrayList<>();
    while (tried.size() < patterns.size()) {
      int end = Math.min(patterns.size(), tried.size() + A_CONNECTION);
      List<Pattern> some = patterns.subList(tried.size(), end);
      List<Tried> answered = onOneConnection(some);
      tried.addAll(answered);
      Tried last = answered.getLast();
      boolean none = answered.size() == 1 && last.outcome() == Outcome.UNTESTED;
      if (none && tried.size() == 1) {
        // Nothing answers at all: it will not for the others.
        patterns
            .subList(1, patterns.size())
            .forEach(each -> tried.add(new Tried(each, Outcome.UNTESTED, last.said())));
      }
    }
    return tried;
  }

  /** Answers to the first of them, at least one: a connection that breaks ends with its answer. */
  private List<Tried> onOneConnection(List<Pattern> patterns) {
    List<Tried> tried = new ArrayList<>();
    String step = "connect";
    try (Conversation with = new Conversation(way.connector().connect())) {
      if (way.implicit()) {
        step = "TLS";
        with.startTls();
      }
      step = "greeting";
      Reply greeting = with.reply();
      if (greeting.severity() != 2) {
        return List.of(refused(patterns.getFirst(), "greeting", greeting));
      }
      step = "EHLO";
      greet(with);
      for (Pattern each : patterns) {
        step = each.name();
        tried.add(ask(with, each));
      }
      with.ask("QUIT");
    } catch (IOException e) {
      if (tried.size() < patterns.size()) {
        String said = step + ": " + Printable.line(String.valueOf(e.getMessage()), MOST_SAID);
        tried.add(new Tried(patterns.get(tried.size()), Outcome.UNTESTED, said));
      }
    }
    return tried;
  }

  private void greet(Conversation with) throws IOException {
    Reply answer = with.ask("EHLO " + hello);
    boolean offersTls = answer.lines().stream().anyMatch(line -> line.equalsIgnoreCase("STARTTLS"));
    if (answer.severity() != 2) {
      with.ask("HELO " + hello);
    } else if (offersTls && !way.implicit() && with.ask("STARTTLS").code() == 220) {
      with.startTls();
      with.ask("EHLO " + hello);
    }
  }

  private static Tried ask(Conversation with, Pattern pattern) throws IOException {
    Reply mail = with.ask(pattern.mail());
    if (mail.severity() != 2) {
      return refused(pattern, "MAIL", mail);
    }
    Reply recipient = with.ask(pattern.rcpt());
    Tried tried =
        recipient.severity() == 2
            ? new Tried(pattern, Outcome.ACCEPTED, said(recipient))
            : refused(pattern, "RCPT", recipient);
    with.ask("RSET");
    return tried;
  }

  private static Tried refused(Pattern pattern, String step, Reply reply) {
    Outcome outcome = reply.severity() == 5 ? Outcome.REFUSED : Outcome.UNTESTED;
    return new Tried(pattern, outcome, step + ": " + said(reply));
  }

  private static String said(Reply reply) {
    return Printable.line(reply.code() + " " + String.join(" ", reply.lines()), MOST_SAID);
  }
}
