package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Very many clients of mode smtp that send an octet now and then, beside good ones.
 *
 * <p>On two Posthouses, because a link may need two descriptors, and the usual limit is 20,000 for
 * a process.
 */
@Isolated("10,000 links, and memory to the kibibyte")
@ExtendWith(LabExtension.class)
final class TricklingTest {
  private static final int TRICKLING = 10_000;

  /** What a link that trickles may cost of resident memory. */
  private static final int KIBIBYTES_A_LINK = 8;

  /** One of the two, and what came of it. */
  private record House(Posthouse posthouse, int port) {
    int links() {
      return posthouse.virtualServer().get("links").get("open").asInt();
    }

    /** After a collection in full. */
    long residentKibibytes() {
      posthouse.jcmd("GC.run");
      Path status = Path.of("/proc/" + posthouse.daemon().pid() + "/status");
      try {
        return Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void tenThousandTricklingLinksCostEightKibibytesEachAndNoGoodSession(Lab lab) throws IOException {
    List<House> houses = List.of(house(lab, "one"), house(lab, "two"));
    for (House each : houses) {
      good(lab, each); // Warms it up.
    }
    Load.Result before = good(lab, houses.getFirst());
    List<Long> resident = houses.stream().map(House::residentKibibytes).toList();
    List<Load> crowds = houses.stream().map(each -> crowd(lab, each)).toList();
    await("they are there")
        .atMost(Duration.ofSeconds(90))
        .until(() -> houses.stream().mapToInt(House::links).sum() >= TRICKLING);
    List<Load.Result> during = houses.stream().map(each -> good(lab, each)).toList();
    List<Long> grown = new ArrayList<>();
    for (int i = 0; i < houses.size(); i++) {
      grown.add(houses.get(i).residentKibibytes() - resident.get(i));
    }
    crowds.forEach(Load::end);
    System.out.printf(
        "%d trickling links on two: %s KiB more resident; p50 of good sessions %.1f ms before, %s"
            + " during, p99 %.1f, %s%n",
        TRICKLING,
        grown,
        before.p50(),
        during.stream().map(Load.Result::p50).toList(),
        before.p99(),
        during.stream().map(Load.Result::p99).toList());
    for (Load.Result each : during) {
      assertThat(each.failed()).as("good sessions that failed: %s", each).isZero();
    }
    assertThat(grown)
        .as("KiB")
        .allMatch(each -> each < KIBIBYTES_A_LINK * TRICKLING / houses.size());
  }

  private static House house(Lab lab, String name) throws IOException {
    int port = Ports.free();
    Config config =
        new Config()
            .smtp("max-errors: 20")
            .listen("127.0.0.1:" + port)
            .member(lab.sink(name + "-mx1"))
            .member(lab.sink(name + "-mx2"))
            .log("{ links: false }");
    Path folder = Files.createDirectory(lab.folder().resolve(name));
    return new House(lab.keep(Posthouse.installed(folder, config)).started(), port);
  }

  private static Load crowd(Lab lab, House house) {
    return Load.start(
        lab,
        house.port(),
        "--sessions",
        "0",
        "--bad",
        "trickle",
        String.valueOf(TRICKLING / 2),
        "--bad-hold",
        "5m",
        "--source",
        "127.0.7.0/24");
  }

  private static Load.Result good(Lab lab, House house) {
    return Load.start(lab, house.port(), "--sessions", "50", "--rate", "100", "--duration", "10s")
        .finish(Duration.ofSeconds(90));
  }
}
