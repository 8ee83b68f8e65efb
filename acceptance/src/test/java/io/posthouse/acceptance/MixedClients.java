package io.posthouse.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A program: many clients, each with its own address, that send mail at once, in several messages
 * and links, mixed with those of others; a client comes back soon. Some take back a message, and
 * some leave in the middle of one. It writes the Message-Id of each message that was accepted,
 * which is its sender too and has its client's address in it.
 *
 * <p>It is one so that it can run in another network than the tests.
 */
final class MixedClients {
  /** How many each client has. */
  static final int LINKS = 2;

  private static final int AT_ONCE = 40;
  private static final int NEAR = 120;
  private static final int READ_MILLIS = 60_000;

  private final InetSocketAddress server4;
  private final InetSocketAddress server6;
  private final String net4;
  private final String net6;
  private final List<String> accepted = Collections.synchronizedList(new ArrayList<>());

  private MixedClients(String[] words) throws IOException {
    server4 = new InetSocketAddress(InetAddress.getByName(words[0]), Integer.parseInt(words[2]));
    server6 = new InetSocketAddress(InetAddress.getByName(words[1]), Integer.parseInt(words[2]));
    net4 = words[3];
    net6 = words[4];
  }

  /**
   * Runs it.
   *
   * @param words the IPv4 and the IPv6 address of the server and its port; the first halves of the
   *     clients' addresses, such as 127.1 and fd00:c:; how many clients there are
   */
  public static void main(String[] words) throws Exception {
    MixedClients clients = new MixedClients(words);
    clients.run(Integer.parseInt(words[5]));
    clients.accepted.forEach(System.out::println);
  }

  private void run(int count) throws InterruptedException, ExecutionException {
    List<Integer> links = new ArrayList<>();
    for (int link = 0; link < count * LINKS; link++) {
      links.add(link);
    }
    Random random = new Random(5);
    int[] turns = random.ints(links.size(), 0, NEAR).toArray();
    links.sort(Comparator.comparingInt(link -> link / LINKS + turns[link]));
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> all = new ArrayList<>();
      for (int link : links) {
        all.add(
            threads.submit(() -> {
              link(link / LINKS, link);
              return null;
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  /** Every fourth client has an IPv6 address. */
  private void link(int client, int number) throws IOException {
    boolean ipv6 = client % 4 == 0;
    String address =
        ipv6
            ? net6 + ":" + Integer.toHexString(client + 1)
            : "%s.%d.%d".formatted(net4, client / 250 + 1, client % 250 + 1);
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(READ_MILLIS);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
      socket.connect(ipv6 ? server6 : server4, READ_MILLIS);
      new Link(socket, address, number).run();
    }
  }

  /** A link and what is said on it. */
  private final class Link {
    private final Socket socket;
    private final BufferedReader in;
    private final String address;
    private final int number;

    Link(Socket socket, String address, int number) throws IOException {
      this.socket = socket;
      this.address = address;
      this.number = number;
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    void run() throws IOException {
      expect("220");
      ask((number % 3 == 0 ? "HELO " : "EHLO ") + "c" + number + ".client.example", "250");
      if (number % 7 == 0) {
        ask("MAIL FROM:<taken.back@client.example>", "250");
        ask("RSET", "250");
      }
      for (int message = 0; message <= number % 2; message++) {
        mail(message);
      }
      if (number % 11 == 0) {
        ask("MAIL FROM:<left@client.example>", "250");
        ask("RCPT TO:<b@member.example>", "250");
        return;
      }
      ask("QUIT", "221");
    }

    private void mail(int message) throws IOException {
      String id = MixedMail.id(number + "." + message, address);
      ask("MAIL FROM:<" + id + ">", "250");
      ask("RCPT TO:<b@member.example>", "250");
      ask("DATA", "354");
      ask("Message-Id: <" + id + ">\r\n\r\nA mail of the acceptance tests.\r\n.", "250");
      accepted.add(id);
    }

    private void ask(String line, String begin) throws IOException {
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
      expect(begin);
    }

    private void expect(String begin) throws IOException {
      String line;
      do {
        line = in.readLine();
      } while (line != null && line.length() > 3 && line.charAt(3) == '-');
      if (line == null || !line.startsWith(begin)) {
        throw new IOException("expected " + begin + ", got " + line + ", as " + address);
      }
    }
  }
}
