package io.posthouse.probe;

import io.posthouse.audit.LiveAuditor;
import io.posthouse.audit.RelayPatterns.Pattern;
import io.posthouse.audit.Tried;
import io.posthouse.audit.Tried.Outcome;
import io.posthouse.door.Ticker;
import io.posthouse.smtp.Printable;
import io.posthouse.smtp.Reply;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
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
  private final Ticker ticker;
  private final Patience patience;

  /**
   * How long it may take.
   *
   * @param connection for each connection: one that dies must not cost the others their time
   * @param total for all of them
   * @param slack beyond the total, when what blocks is cut: reads have deadlines, writes have none
   */
  record Patience(Duration connection, Duration total, Duration slack) {
    static final Patience USUAL =
        new Patience(Duration.ofSeconds(70), LiveAuditor.LONGEST, Duration.ofSeconds(10));
  }

  /**
   * How connections are made.
   *
   * @param implicit whether TLS comes before everything
   */
  public record Way(Connector connector, boolean implicit) {}

  /** Makes one connection. */
  @FunctionalInterface
  public interface Connector {
    /** Binds and connects a socket, which the caller closes. */
    void connect(Socket socket) throws IOException;
  }

  /** Questions by a way, with our own name. */
  public RelayQuestions(Way way, String hello, Ticker ticker) {
    this(way, hello, ticker, Patience.USUAL);
  }

  RelayQuestions(Way way, String hello, Ticker ticker, Patience patience) {
    this.way = way;
    this.hello = hello;
    this.ticker = ticker;
    this.patience = patience;
  }

  /** Asks them all; one answer for each, in order. */
  public List<Tried> ask(List<Pattern> patterns) {
    List<Tried> tried = new ArrayList<>();
    long endNanos = ticker.nanos() + patience.total().toNanos();
    while (tried.size() < patterns.size()) {
      int end = Math.min(patterns.size(), tried.size() + A_CONNECTION);
      List<Pattern> some = patterns.subList(tried.size(), end);
      long left = endNanos - ticker.nanos();
      if (left <= 0) {
        String said = "not asked: %d s were over".formatted(patience.total().toSeconds());
        rest(patterns, tried, Outcome.UNASKED, said);
        return tried;
      }
      List<Tried> answered = onOneConnection(some, left);
      tried.addAll(answered);
      Tried last = answered.getLast();
      if (tried.size() == 1 && some.size() > 1) {
        // We are not let in, or nothing answers: it will be so for the others.
        rest(patterns, tried, last.outcome(), last.said());
      }
    }
    return tried;
  }

  /** Says so of all that were not asked yet. */
  private static void rest(
      List<Pattern> patterns, List<Tried> tried, Outcome outcome, String said) {
    patterns
        .subList(tried.size(), patterns.size())
        .forEach(each -> tried.add(new Tried(each, outcome, said)));
  }

  /** Answers to the first of them, at least one: a connection that breaks ends with its answer. */
  private List<Tried> onOneConnection(List<Pattern> patterns, long left) {
    List<Tried> tried = new ArrayList<>();
    String step = "connect";
    long most = Math.min(left, patience.connection().toNanos());
    long endNanos = ticker.nanos() + most;
    try (DeadlineSocket socket = new DeadlineSocket(ticker);
        Watch _ = Watch.over(socket, patience.slack().plusNanos(most));
        Conversation with = connected(socket, endNanos)) {
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
        if (!tried.isEmpty()) {
          with.ask("RSET");
        }
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

  private Conversation connected(DeadlineSocket socket, long endNanos) throws IOException {
    way.connector().connect(socket);
    return new Conversation(socket, ticker, endNanos);
  }

  private void greet(Conversation with) throws IOException {
    Reply answer = with.ask("EHLO " + hello);
    boolean offersTls = answer.lines().stream().anyMatch(line -> line.equalsIgnoreCase("STARTTLS"));
    if (answer.severity() != 2) {
      Reply old = with.ask("HELO " + hello);
      if (old.severity() != 2) {
        throw new IOException(said(old));
      }
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
    return recipient.severity() == 2
        ? new Tried(pattern, Outcome.ACCEPTED, said(recipient))
        : refused(pattern, "RCPT", recipient);
  }

  private static Tried refused(Pattern pattern, String step, Reply reply) {
    boolean forGood = reply.severity() == 5 && reply.code() != 503; // That is about the order.
    Outcome outcome = forGood ? Outcome.REFUSED : Outcome.UNTESTED;
    return new Tried(pattern, outcome, step + ": " + said(reply));
  }

  private static String said(Reply reply) {
    return Printable.line(reply.code() + " " + String.join(" ", reply.lines()), MOST_SAID);
  }
}
