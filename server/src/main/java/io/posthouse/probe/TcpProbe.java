package io.posthouse.probe;

import io.posthouse.door.Ticker;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The tcp probe: connects, and closes without a reset. */
final class TcpProbe {
  private final Ticker ticker;

  TcpProbe(Ticker ticker) {
    this.ticker = ticker;
  }

  Outcome run(ProbeOrder order, InetSocketAddress address) {
    DialogueLog log = new DialogueLog();
    try (MemberConnection connection = MemberConnection.open(order, address, ticker, log)) {
      connection.leave();
      return Outcome.of(new ProbeResult.Passed("connected"), log, connection.local());
    } catch (IOException e) {
      ProbeResult result = Failures.unconnected(e, order);
      log.note(result.reason());
      return Outcome.of(result, log);
    }
  }
}
