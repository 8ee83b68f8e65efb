package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Good and bad peers come and go for a long time: what Posthouse holds stays the same. */
@Isolated("a soak, by its memory")
@ExtendWith(LabExtension.class)
final class ChurnTest {
  private static final int SAMPLES = 12;
  private static final Pattern LIVE = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  /** What it holds at one moment. */
  private record Sample(long descriptors, double directBytes, long heapKibibytes) {}

  @Test
  void descriptorsDirectMemoryAndHeapStayFlat(Lab lab) throws IOException {
    Duration length = length(System.getProperty("acceptance.churn", "30m"));
    int port = Ports.free();
    Posthouse posthouse =
        lab.posthouse(
            new Config()
                .listen("127.0.0.1:" + port)
                .member(lab.sink("mx1"))
                .member(lab.sink("mx2"))
                .monitor("hello", "type: smtp, interval: 1s")
                .log("{ links: false }"));
    churn(lab, port, length.dividedBy(6));
    List<Sample> samples = new ArrayList<>();
    Load.Result last = null;
    for (int i = 0; i < SAMPLES; i++) {
      last = churn(lab, port, length.dividedBy(SAMPLES));
      posthouse.hangUp();
      samples.add(atRest(posthouse));
    }
    System.out.printf("churn of %s, last run %s%n", length, last);
    samples.forEach(System.out::println);
    Sample first = worst(samples.subList(0, SAMPLES / 3));
    Sample end = worst(samples.subList(SAMPLES - SAMPLES / 3, SAMPLES));
    assertThat(end.descriptors()).as("descriptors").isLessThanOrEqualTo(first.descriptors() + 8);
    assertThat(end.directBytes())
        .as("direct memory")
        .isLessThanOrEqualTo(first.directBytes() * 1.1 + (4 << 20));
    assertThat((double) end.heapKibibytes())
        .as("heap after a collection, KiB")
        .isLessThanOrEqualTo(first.heapKibibytes() * 1.05 + 1024);
  }

  private static Load.Result churn(Lab lab, int port, Duration length) {
    Load.Result result =
        Load.start(
                lab,
                port,
                "--sessions",
                "50",
                "--messages-per-link",
                "3",
                "--rate",
                "300",
                "--idle",
                "100",
                "--bad",
                "silent",
                "50",
                "--bad",
                "trickle",
                "50",
                "--bad",
                "reset",
                "50",
                "--bad-hold",
                "2s",
                "--source",
                "127.0.8.0/22",
                "--duration",
                length.toSeconds() + "s")
            .finish(length.plusSeconds(60));
    assertThat(result.failed()).as("%s", result).isZero();
    return result;
  }

  /** With no link open, and after a collection in full. */
  private static Sample atRest(Posthouse posthouse) throws IOException {
    await("no link is open")
        .atMost(Duration.ofSeconds(30))
        .until(() -> posthouse.virtualServer().get("links").get("open").asInt() == 0);
    long pid = posthouse.daemon().pid();
    // It collects and counts at one safepoint: nothing is allocated between.
    Matcher live = LIVE.matcher(posthouse.jcmd("GC.class_histogram"));
    assertThat(live.find()).as("a total").isTrue();
    long used = Long.parseLong(live.group(1)) >> 10;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return new Sample(
          descriptors.count(), posthouse.metric("posthouse_direct_memory_used_bytes"), used);
    }
  }

  private static Sample worst(List<Sample> of) {
    return new Sample(
        of.stream().mapToLong(Sample::descriptors).max().orElseThrow(),
        of.stream().mapToDouble(Sample::directBytes).max().orElseThrow(),
        of.stream().mapToLong(Sample::heapKibibytes).max().orElseThrow());
  }

  private static Duration length(String text) {
    return Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT));
  }
}
