package io.posthouse.bench.compare;

import io.posthouse.bench.load.AnyCertificate;
import io.posthouse.bench.measure.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Waits until an SMTP banner can be read at an address. */
final class Greeting {

  private static final Duration BETWEEN = Duration.ofMillis(2);

  private Greeting() {}

  /**
   * Tries again and again.
   *
   * @param tls whether TLS comes before the banner
   * @return the time of the first banner
   * @throws IOException when the process ends first, or it takes too long
   */
  static long await(
      Process process, InetSocketAddress address, boolean tls, Duration most, Path log)
      throws IOException, InterruptedException {
    long end = Clock.nanos() + most.toNanos();
    String last = "";
    while (Clock.nanos() - end < 0) {
      if (!process.isAlive()) {
        throw new IOException(
            "a process ended with " + process.exitValue() + ":\n" + Children.tail(log));
      }
      last = attempt(address, tls);
      if (last.isEmpty()) {
        return Clock.nanos();
      }
      Clock.pause(BETWEEN);
    }
    throw new IOException(
        "no banner from %s in %d s, at last: %s\n%s"
            .formatted(Configurations.text(address), most.toSeconds(), last, Children.tail(log)));
  }

  /** Empty when there was a banner and a good end, else what went wrong. */
  private static String attempt(InetSocketAddress address, boolean tls) {
    try (Socket plain = new Socket()) {
      plain.connect(address, 1_000);
      plain.setSoTimeout(5_000);
      Socket socket = tls ? AnyCertificate.over(plain) : plain;
      int first = socket.getInputStream().read();
      if (first != '2') {
        return first < 0 ? "closed before the banner" : "a banner that is no 2xx";
      }
      socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      // To the end, so that nobody on the way sees a reset.
      byte[] rest = socket.getInputStream().readAllBytes();
      return rest.length > 0 ? "" : "closed within the banner";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
