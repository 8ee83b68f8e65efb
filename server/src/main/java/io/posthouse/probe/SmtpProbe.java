package io.posthouse.probe;

import io.posthouse.door.Ticker;
import io.posthouse.health.ProbeDialogue;
import io.posthouse.health.ProbeDialogue.Next;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.smtp.Printable;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.ReplyFormatException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The smtp probe: carries a {@link ProbeDialogue} over a connection. */
final class SmtpProbe {
  private final Ticker ticker;
  private final Issuers issuers;

  SmtpProbe(Ticker ticker, Issuers issuers) {
    this.ticker = ticker;
    this.issuers = issuers;
  }

  /**
   * Asks once.
   *
   * @param hostname what the probe calls itself where its monitor has no name for it
   */
  Outcome run(ProbeOrder order, InetSocketAddress address, String hostname) {
    DialogueLog log = new DialogueLog();
    try (MemberConnection connection = MemberConnection.open(order, address, ticker, log)) {
      ProbeDialogue dialogue = new ProbeDialogue(order, hostname, connection.local());
      new Talk(connection, dialogue, order, log).run();
      connection.leave();
      return new Outcome(
          dialogue.result(),
          log.lines(),
          connection.certificates(),
          dialogue.introduction(),
          connection.local());
    } catch (IOException e) {
      ProbeResult result = Failures.unconnected(e, order);
      log.note(result.reason());
      return Outcome.of(result, log);
    }
  }

  private final class Talk {
    private final MemberConnection connection;
    private final ProbeDialogue dialogue;
    private final ProbeOrder order;
    private final DialogueLog log;

    Talk(MemberConnection connection, ProbeDialogue dialogue, ProbeOrder order, DialogueLog log) {
      this.connection = connection;
      this.dialogue = dialogue;
      this.order = order;
      this.log = log;
    }

    void run() {
      try {
        Next next = dialogue.begin();
        while (true) {
          switch (next) {
            case Next.Send send -> {
              connection.send(send.line());
              next = exchange();
            }
            case Next.Await _ -> next = exchange();
            case Next.StartTls _ -> {
              connection.startTls(order, issuers);
              next = dialogue.secured();
            }
            case Next.Close _ -> {
              return;
            }
          }
        }
      } catch (IOException e) {
        String reason = Failures.phrase(e, order);
        log.note(reason);
        dialogue.failed(reason);
      }
    }

    private Next exchange() throws IOException {
      Reply reply;
      try {
        reply = connection.reply();
      } catch (ReplyFormatException e) {
        return dialogue.disordered(String.valueOf(e.getMessage()));
      }
      Optional<String> surplus = dialogue.isLeaving() ? Optional.empty() : connection.surplus();
      return surplus.isEmpty()
          ? dialogue.replied(reply)
          : dialogue.disordered("spoke out of turn: " + Printable.line(surplus.get(), 160));
    }
  }
}
