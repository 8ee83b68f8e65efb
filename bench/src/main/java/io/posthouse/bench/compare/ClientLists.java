package io.posthouse.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Client classes with lists as long as they may get: no client of the bench is in any of them. */
final class ClientLists {
  /** The classes, with limits that nobody reaches. */
  static final String CONFIGURATION =
      """
      data-groups:
        networks: { file: networks.txt }
        domains: { type: domain, file: domains.txt }
      client-classes:
        listed: { from: networks, relay: any }
        internet:
          from: any
          relay: domains
          limits:
            connections: 1000000
            connections-per-client: 1000000
            messages-per-minute: 100000000
            messages-per-minute-per-client: 100000000
      """;

  private static final int PREFIXES = 100_000;
  private static final int DOMAINS = 200_000;

  private ClientLists() {}

  /** Writes the files that the configuration names. */
  static void write(Path folder) throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    StringBuilder networks = new StringBuilder();
    for (int i = 0; i < PREFIXES; i++) {
      networks
          .append(random.nextInt(11, 100))
          .append('.')
          .append(random.nextInt(256))
          .append('.')
          .append(random.nextInt(256))
          .append(".0/24\n");
    }
    Files.writeString(folder.resolve("networks.txt"), networks);
    StringBuilder domains = new StringBuilder();
    for (int i = 0; i < DOMAINS; i++) {
      domains.append("customer").append(i).append(".example.com\n");
    }
    Files.writeString(folder.resolve("domains.txt"), domains);
  }
}
