package io.posthouse.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that passes on lines, and shows those that come back: {@code openssl s_client}. */
final class Spoken implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  private final Process process;
  private final BufferedReader in;

  /** Starts it; it is killed when it runs too long. */
  Spoken(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    in = process.inputReader(StandardCharsets.ISO_8859_1);
    process
        .onExit()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .exceptionally(tooLong -> process.destroyForcibly());
  }

  /** Says a line and waits for a line that begins like this. */
  void ask(String line, String begin) throws IOException {
    say(line);
    expect(begin);
  }

  /** Says a line. */
  void say(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  /** Waits for a line that begins like this; a reply that says no is an error. */
  void expect(String begin) throws IOException {
    String line;
    do {
      line = in.readLine();
      if (line == null || line.matches("[45]\\d\\d[ -].*")) {
        throw new IOException("expected " + begin + ", got " + line);
      }
    } while (!line.startsWith(begin));
  }

  /** All lines until it ends by itself. */
  List<String> rest() {
    return in.lines().toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
