package io.posthouse.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * A program: clients of {@link GreetingServer}. Prints who greeted, whom it saw, and how often; and
 * what failed.
 */
final class GreetedClients {
  private final InetSocketAddress to;
  private final int lines;
  private final int pause;
  private final Map<String, Integer> told = new TreeMap<>();

  private GreetedClients(InetSocketAddress to, int lines, int pause) {
    this.to = to;
    this.lines = lines;
    this.pause = pause;
  }

  /**
   * Begins: ADDRESS PORT SESSIONS AT-ONCE LINES PAUSE-MILLIS SOURCE...; each session says so many
   * lines, with a pause before each.
   */
  public static void main(String... words) {
    GreetedClients clients =
        new GreetedClients(
            new InetSocketAddress(words[0], Integer.parseInt(words[1])),
            Integer.parseInt(words[4]),
            Integer.parseInt(words[5]));
    List<String> sources = List.of(words).subList(6, words.length);
    int sessions = Integer.parseInt(words[2]);
    Semaphore free = new Semaphore(Integer.parseInt(words[3]));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < sessions; i++) {
        String source = sources.get(i % sources.size());
        free.acquireUninterruptibly();
        threads.execute(() -> {
          clients.session(source);
          free.release();
        });
      }
    }
    clients.told.forEach((what, times) -> System.out.println(what + " " + times));
  }

  private void session(String source) {
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(20_000);
      socket.bind(new InetSocketAddress(source, 0));
      socket.connect(to, 20_000);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String greeting = String.valueOf(in.readLine());
      for (int i = 0; i < lines; i++) {
        Thread.sleep(pause);
        ask(socket, in, "NOOP", "250");
      }
      ask(socket, in, "QUIT", "221");
      tell(greeting.substring(0, Math.min(greeting.length(), 60)));
    } catch (IOException | InterruptedException e) {
      tell("failed: " + e.getMessage());
    }
  }

  private static void ask(Socket socket, BufferedReader in, String line, String expected)
      throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    String said = in.readLine();
    if (said == null || !said.startsWith(expected)) {
      throw new IOException(line + " was answered " + said);
    }
  }

  private synchronized void tell(String what) {
    told.merge(what, 1, Integer::sum);
  }
}
