package io.posthouse.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A program: a mail server that greets with its own name and its client's address, on every address
 * that its machine has.
 */
final class GreetingServer {
  private GreetingServer() {}

  /** Begins: NAME PORT, and as many octets of text behind the greeting as a third word says. */
  public static void main(String... words) throws IOException {
    String pad = words.length > 2 ? "x".repeat(Integer.parseInt(words[2])) : "";
    try (ServerSocket listening = new ServerSocket()) {
      listening.bind(new InetSocketAddress("::", Integer.parseInt(words[1])), 4096);
      while (true) {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> serve(client, words[0], pad));
      }
    }
  }

  private static void serve(Socket client, String name, String pad) {
    try (client) {
      client.setTcpNoDelay(true);
      String peer = client.getInetAddress().getHostAddress();
      say(client, "220 " + name + " " + peer + pad);
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        say(client, line.equals("QUIT") ? "221 bye" : "250 ok");
        if (line.equals("QUIT")) {
          return;
        }
      }
    } catch (IOException gone) {
      // The client tells.
    }
  }

  private static void say(Socket client, String line) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }
}
