package io.posthouse.testkit;

import java.util.List;

/**
 * What happened on one connection to a {@link ScriptedServer}.
 *
 * @param received every octet that the client sent, as ISO 8859-1; within TLS, what TLS carried
 * @param sent every octet that was sent to it
 * @param cleanClose whether the client ended its direction and never reset the connection
 * @param problems where the client did not follow the script
 */
public record Conversation(
    String received, String sent, boolean cleanClose, List<String> problems) {

  /** The lines that the client sent. */
  public List<String> linesReceived() {
    return lines(received);
  }

  /** The lines that were sent to it. */
  public List<String> linesSent() {
    return lines(sent);
  }

  private static List<String> lines(String octets) {
    return octets.isEmpty() ? List.of() : List.of(octets.split("\r\n"));
  }
}
