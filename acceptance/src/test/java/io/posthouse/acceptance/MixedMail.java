package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Mail of many clients that was accepted.
 *
 * @param ids the Message-Ids, which are the senders too
 */
record MixedMail(List<String> ids) {
  /** The Message-Id of a client's message. */
  static String id(String number, String address) {
    return number + "=" + address.replace(':', '_') + "@client.example";
  }

  private static InetAddress client(String id) {
    return InetAddress.ofLiteral(
        id.substring(id.indexOf('=') + 1, id.indexOf('@')).replace('_', ':'));
  }

  /** Runs {@link MixedClients} in a network. */
  static MixedMail send(NetworkNamespace network, String... words) {
    List<String> program =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            Lab.repository().resolve("acceptance/target/test-classes").toString(),
            "io.posthouse.acceptance.MixedClients");
    List<String> line = new ArrayList<>(program);
    line.addAll(List.of(words));
    return new MixedMail(
        Commands.run(Duration.ofMinutes(3), Map.of(), network.command(line))
            .good()
            .out()
            .lines()
            .toList());
  }

  /** Requires that a member has logged each message as its own client's. */
  void requireKnown(Supplier<Map<String, String>> clients) {
    await("all messages are in the log")
        .atMost(Duration.ofSeconds(20))
        .until(() -> clients.get().keySet().containsAll(ids));
    Map<String, String> logged = clients.get();
    assertThat(ids)
        .allSatisfy(id -> assertThat(InetAddress.ofLiteral(logged.get(id))).isEqualTo(client(id)));
  }
}
