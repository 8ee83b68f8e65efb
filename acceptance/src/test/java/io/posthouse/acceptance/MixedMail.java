package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  private static InetAddress client(Map<String, String> logged, String id) {
    return InetAddress.ofLiteral(Objects.requireNonNull(logged.get(id)));
  }

  /**
   * Runs {@link MixedClients} in a network.
   *
   * @param server4 the IPv4 address of the server
   * @param server6 its IPv6 address
   * @param net4 the first half of the clients' IPv4 addresses
   * @param net6 the first half of their IPv6 addresses
   * @param count how many clients there are
   */
  static MixedMail send(
      NetworkNamespace network,
      String server4,
      String server6,
      int port,
      String net4,
      String net6,
      int count) {
    long begin = System.nanoTime();
    List<String> ids =
        network
            .java(MixedClients.class, server4, server6, "" + port, net4, net6, "" + count)
            .good()
            .out()
            .lines()
            .toList();
    System.out.printf(
        "%d messages of %d clients in %d ms%n",
        ids.size(), count, (System.nanoTime() - begin) / 1_000_000);
    return new MixedMail(ids);
  }

  /** Requires that a member has logged each message as its own client's. */
  void requireKnown(Supplier<Map<String, String>> clients) {
    await("all messages are in the log")
        .atMost(Duration.ofSeconds(20))
        .until(() -> clients.get().keySet().containsAll(ids));
    Map<String, String> logged = clients.get();
    assertThat(ids).filteredOn(id -> !client(id).equals(client(logged, id))).isEmpty();
  }
}
