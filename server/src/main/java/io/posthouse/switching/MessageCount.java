package io.posthouse.switching;

import io.posthouse.backend.BackendConnection;
import io.posthouse.backend.Route;
import io.posthouse.report.LoopTraffic;
import io.posthouse.report.SenderKey;
import io.posthouse.report.TrafficCount;
import io.posthouse.report.TrafficKey;
import io.posthouse.smtp.session.SessionEvent;
import io.posthouse.smtp.session.Transaction;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What a link's messages count for in the report: by the way that each of them goes. */
final class MessageCount {
  private final LoopTraffic traffic;
  private @Nullable SenderKey sender;
  private @Nullable TrafficCount way;

  MessageCount(LoopTraffic traffic) {
    this.traffic = traffic;
  }

  /** A member is asked to take a message, or a login. */
  void begins(
      String server, InetAddress client, Route by, String member, BackendConnection connection) {
    String clientClass = by.settings().name();
    String pool = by.pool().name();
    InetAddress source = by.seen(connection.channel());
    way = traffic.count(new TrafficKey(server, clientClass, pool, member, source));
    sender = new SenderKey(client, server, clientClass, pool);
  }

  /** Counts what happened to it. */
  void tell(SessionEvent event) {
    TrafficCount count = way;
    SenderKey from = sender;
    if (count == null || from == null) {
      return; // No member was ever asked.
    }
    switch (event) {
      case SessionEvent.Answered answered -> {
        Transaction message = answered.transaction();
        if (answered.reply().severity() == 2) {
          count.accepted(message.accepted(), message.octets());
        } else {
          count.refused(message.octets());
        }
        traffic.sent(from);
      }
      case SessionEvent.AttemptFailed _, SessionEvent.OutcomeUnknown _ -> count.failedTry();
      case SessionEvent.Failed _,
          SessionEvent.LoginEnded _,
          SessionEvent.NotBelieved _,
          SessionEvent.Abandoned _ -> {} // No member's work.
    }
  }
}
