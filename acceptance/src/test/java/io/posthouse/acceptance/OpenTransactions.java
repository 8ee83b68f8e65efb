package io.posthouse.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A program: opens links, one after the other, begins a message on each, and ends them when all are
 * there. It writes the code of each answer to MAIL.
 *
 * <p>Its own ports are beyond those that the kernel gives out in the network of the test.
 */
final class OpenTransactions {
  private static final int FIRST_PORT = 50_000;
  private static final int READ_MILLIS = 30_000;

  private OpenTransactions() {}

  /**
   * Runs it.
   *
   * @param words the port of the server on 127.0.0.1, and how many links
   */
  public static void main(String[] words) throws IOException {
    List<Socket> open = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(words[1]); i++) {
      Socket socket = new Socket();
      open.add(socket);
      socket.setSoTimeout(READ_MILLIS);
      socket.setSoLinger(true, 0); // No port of ours stays behind.
      socket.bind(new InetSocketAddress("127.0.0.1", FIRST_PORT + i));
      socket.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(words[0])));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      in.readLine();
      say(socket, "HELO client.example");
      in.readLine();
      say(socket, "MAIL FROM:<a@client.example>");
      System.out.println(String.valueOf(in.readLine()).substring(0, 3));
    }
    for (Socket each : open) {
      each.close();
    }
  }

  private static void say(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }
}
