package io.posthouse.probe;

import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.model.IpAddress;
import io.posthouse.smtp.Printable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** The wording of what goes wrong between a probe and a member. */
final class Failures {
  private Failures() {}

  /** One line for people. */
  static String phrase(IOException e) {
    String message = e.getMessage();
    if (message == null || message.isEmpty()) {
      message = e.getClass().getSimpleName();
    }
    String line = Printable.line(message, 200);
    if (e instanceof SSLException) {
      return "TLS handshake failed: " + line;
    }
    return line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
  }

  /** The same for what went wrong in a probe, which may have been stopped by its watch. */
  static String phrase(IOException e, ProbeOrder order) {
    return Thread.currentThread().isInterrupted() ? RunningProbe.reason(order) : phrase(e);
  }

  /** What a probe came to that got no connection. */
  static ProbeResult unconnected(IOException e, ProbeOrder order) {
    String reason = phrase(e, order);
    return e instanceof SourceException
        ? new ProbeResult.Inconclusive(ProbeStep.SOURCE, reason)
        : new ProbeResult.Failed(ProbeStep.CONNECT, reason);
  }

  /** A duration as people write it. */
  static String phrase(Duration time) {
    long millis = time.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  /** An address as it stands in the file. */
  static String address(InetSocketAddress address) {
    String host = IpAddress.text(address.getAddress());
    return host.indexOf(':') >= 0
        ? "[" + host + "]:" + address.getPort()
        : host + ":" + address.getPort();
  }
}
