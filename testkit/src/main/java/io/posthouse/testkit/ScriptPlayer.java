package io.posthouse.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

/** Plays a script on one connection. */
final class ScriptPlayer implements Runnable {
  private static final int PATIENCE_MILLIS = 15_000;
  private static final int TRICKLE_MILLIS = 20;
  private static final int STALL_LOOK_MILLIS = 50;

  private final List<String> script;
  private final Supplier<TestCertificate> certificate;
  private final AtomicInteger hung;
  private final StringBuilder received = new StringBuilder();
  private final StringBuilder sent = new StringBuilder();
  private final List<String> problems = new ArrayList<>();
  private Socket socket;
  private boolean ended;
  private boolean reset;

  /**
   * About to play.
   *
   * @param hung counts those that have come to silence
   */
  ScriptPlayer(
      Socket socket,
      List<String> script,
      Supplier<TestCertificate> certificate,
      AtomicInteger hung) {
    this.hung = hung;
    this.socket = socket;
    this.script = script;
    this.certificate = certificate;
  }

  Conversation conversation() {
    return new Conversation(
        received.toString(), sent.toString(), ended && !reset, List.copyOf(problems));
  }

  @Override
  public void run() {
    Socket raw = socket;
    try {
      raw.setTcpNoDelay(true);
      raw.setSoTimeout(PATIENCE_MILLIS);
      for (String line : script) {
        if (!play(line)) {
          return;
        }
      }
      finish();
    } catch (EOFException e) {
      problems.add("the client closed before the end of the script");
    } catch (SocketTimeoutException e) {
      problems.add("the client did nothing for " + PATIENCE_MILLIS + " ms");
    } catch (IOException e) {
      reset = true;
      problems.add("the connection broke: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      try {
        socket.close();
        raw.close();
      } catch (IOException alreadyClosed) {
        // It is closed all the same.
      }
    }
  }

  /** Plays one line; whether the script goes on. */
  private boolean play(String line) throws IOException, InterruptedException {
    int colon = line.indexOf(':');
    String word = colon < 0 ? line : line.substring(0, colon);
    String text = colon < 0 ? "" : line.substring(colon + 1).strip();
    switch (word) {
      case "S" -> send(text.replace("\\r", "\r").replace("\\n", "\n") + "\r\n");
      case "raw" -> send(text.replace("\\r", "\r").replace("\\n", "\n"));
      case "C" -> expect(text);
      case "octets" -> readOctets(Integer.parseInt(text));
      case "starttls" -> startTls();
      case "pause" -> Thread.sleep(Integer.parseInt(text));
      case "silence" -> {
        hung.incrementAndGet();
        readToEnd();
      }
      case "stall" -> stall();
      case "trickle" -> repeat(text, TRICKLE_MILLIS);
      case "flood" -> repeat(text + "\r\n", 0);
      case "halfclose" -> socket.shutdownOutput();
      case "reset" -> {
        socket.setSoLinger(true, 0);
        socket.close();
        return false;
      }
      case "close" -> {
        finish();
        return false;
      }
      default -> throw new IllegalArgumentException("not a line of a script: " + line);
    }
    return true;
  }

  private void expect(String expression) throws IOException {
    StringBuilder line = new StringBuilder();
    int octet;
    while ((octet = read()) != '\n') {
      if (octet < 0) {
        throw new EOFException();
      }
      line.append((char) octet);
    }
    String text = line.toString();
    if (!text.endsWith("\r") || !text.substring(0, text.length() - 1).matches(expression)) {
      problems.add("expected " + expression + ", got " + text.strip());
    }
  }

  private void readOctets(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (read() < 0) {
        throw new EOFException();
      }
    }
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    sent.append(text);
  }

  private void repeat(String text, int pauseMillis) throws IOException, InterruptedException {
    try {
      while (true) {
        if (pauseMillis == 0) {
          send(text);
          continue;
        }
        for (int i = 0; i < text.length(); i++) {
          send(text.substring(i, i + 1));
          Thread.sleep(pauseMillis);
        }
      }
    } catch (IOException clientClosed) {
      // What was wanted.
    }
  }

  private void startTls() throws IOException {
    SSLSocket secure =
        (SSLSocket) certificate.get().context().getSocketFactory().createSocket(socket, null, true);
    secure.setUseClientMode(false);
    secure.startHandshake();
    socket = secure;
  }

  private void finish() throws IOException {
    if (!socket.isOutputShutdown()) {
      socket.shutdownOutput();
    }
    int before = received.length();
    readToEnd();
    if (received.length() > before) {
      problems.add("after the script came " + received.substring(before).strip());
    }
  }

  private void readToEnd() throws IOException {
    while (read() >= 0) {
      // Recorded.
    }
  }

  private void stall() throws InterruptedException {
    hung.incrementAndGet();
    while (!socket.isClosed()) {
      Thread.sleep(STALL_LOOK_MILLIS);
    }
  }

  private int read() throws IOException {
    int octet = socket.getInputStream().read();
    if (octet >= 0) {
      received.append((char) octet);
    } else {
      ended = true;
    }
    return octet;
  }
}
