package io.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.DataGroup;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** The figures of docs/benchmark.md for long lists, in processor time. */
class ListSpeedTest {
  private static final int PREFIXES = 100_000;
  private static final int DOMAINS = 200_000;
  private static final int LOOKUPS = 200_000;

  private final Random random = new Random(1);

  @Test
  void longListsAreReadInTimeAndLookedUpWithinAMicrosecond() {
    byte[] prefixes = prefixes();
    byte[] domains = domains();
    long before = used();
    long begin = cpu();
    AddressSet addresses = AddressSet.of(entries(DataGroup.Type.ADDRESS, prefixes));
    long between = cpu();
    DomainSet names = DomainSet.of(entries(DataGroup.Type.DOMAIN, domains));
    long end = cpu();
    long held = used() - before;

    List<InetAddress> clients = new ArrayList<>();
    List<String> recipients = new ArrayList<>();
    for (int i = 0; i < 4096; i++) {
      clients.add(InetAddress.ofLiteral(i % 5 == 0 ? ipv6() : ipv4()));
      recipients.add(i % 2 == 0 ? domain(random.nextInt(DOMAINS)) : "mail" + i + ".example.org");
    }
    double perAddress = nanos(clients, each -> addresses.contains(each) ? 1 : 0);
    double perDomain = nanos(recipients, each -> names.contains(each) ? 1 : 0);
    System.out.printf(
        "lists: %,d prefixes read in %d ms, %,d domains in %d ms, %,d KiB; %.0f ns an address, %.0f"
            + " ns a domain%n",
        PREFIXES,
        (between - begin) / 1_000_000,
        DOMAINS,
        (end - between) / 1_000_000,
        held >> 10,
        perAddress,
        perDomain);

    assertThat(addresses.size()).isEqualTo(PREFIXES);
    assertThat(names.size()).isEqualTo(DOMAINS);
    assertThat(perAddress).isLessThan(1_000);
    assertThat(perDomain).isLessThan(1_000);
    assertThat((end - begin) / 1_000_000).isLessThan(2_000);
  }

  private static List<Entry> entries(DataGroup.Type type, byte[] content) {
    ListText text = ListText.read("list.txt", type, content);
    assertThat(text.problems()).isEmpty();
    return ListText.entries(new DataGroup("group", type, List.of(), "list.txt"), text);
  }

  /** The best of some rounds: the first ones are not compiled yet. */
  private static <T> double nanos(List<T> of, ToIntFunction<T> lookup) {
    double best = Double.MAX_VALUE;
    int found = 0;
    for (int round = 0; round < 20; round++) {
      long begin = cpu();
      for (int i = 0; i < LOOKUPS; i++) {
        found += lookup.applyAsInt(of.get(i % of.size()));
      }
      best = Math.min(best, (double) (cpu() - begin) / LOOKUPS);
    }
    assertThat(found).isPositive();
    return best;
  }

  /** Processor time of this thread: what others do on the machine is not our slowness. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private byte[] prefixes() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PREFIXES; i++) {
      String address = i % 5 == 0 ? ipv6() + "/128" : ipv4() + "/" + (20 + random.nextInt(13));
      text.append(Prefix.parse(address).orElseThrow().network()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private String ipv4() {
    return "%d.%d.%d.%d"
        .formatted(
            1 + random.nextInt(222), random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }

  private String ipv6() {
    return "2001:db8:%x:%x::%x"
        .formatted(random.nextInt(65536), random.nextInt(65536), random.nextInt(65536));
  }

  private static String domain(int number) {
    return (number % 3 == 0 ? "mail." : "") + "customer-" + number + ".example.com";
  }

  private static byte[] domains() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < DOMAINS; i++) {
      text.append(i % 10 == 9 ? "." : "").append(domain(i)).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
