package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Peers that behave badly beside good sessions.
 *
 * <p>The good ones come at a fixed rate, below what the machine can do, so that their latency shows
 * what the bad ones cost them and not how busy they keep themselves.
 */
@Isolated("it compares times under load")
@ExtendWith(LabExtension.class)
final class HostilePeersTest {
  /**
   * How much the median p99 may differ on a noisy machine: by this factor, and by these
   * milliseconds.
   */
  private static final double NOISE_FACTOR = 2;

  private static final double NOISE_MILLIS = 60;

  /** Postfix starts processes under the flood; a lost SYN alone costs a second. */
  private static final double FLOOD_NOISE_MILLIS = 1_500;

  @Test
  void silentTricklingAndResettingPeersCostGoodSessionsNothing(Lab lab) {
    int port = Ports.free();
    Posthouse posthouse =
        lab.posthouse(
            new Config()
                .listen("127.0.0.1:" + port)
                .member(lab.sink("mx1"))
                .member(lab.sink("mx2"))
                .log("{ links: false }"));
    good(lab, port, 200);
    List<Load.Result> alone = rounds(lab, port, 2);
    Load bad =
        Load.start(
            lab,
            port,
            "--sessions",
            "0",
            "--bad",
            "silent",
            "300",
            "--bad",
            "trickle",
            "300",
            "--bad",
            "reset",
            "300",
            "--bad-hold",
            "5m",
            "--bad-pause",
            "2s",
            "--source",
            "127.0.7.0/24");
    await("they are there")
        .atMost(Duration.ofSeconds(30))
        .until(() -> posthouse.virtualServer().get("links").get("open").asInt() >= 600);
    List<Load.Result> beside = rounds(lab, port, 3);
    Load.Result hostile = bad.end();
    await("they are gone")
        .atMost(Duration.ofSeconds(30))
        .until(() -> posthouse.virtualServer().get("links").get("open").asInt() == 0);
    alone.addAll(rounds(lab, port, 1));
    System.out.printf(
        "silent, trickling, resetting: %d bad links; p99 of good sessions in ms: alone %s, beside"
            + " them %s%n",
        hostile.badOpened(), p99s(alone), p99s(beside));
    beside.forEach(
        round -> assertThat(round.failed()).as("good sessions failed: %s", round).isZero());
    assertThat(hostile.badOpened()).isGreaterThan(900);
    assertThat(median(p99s(beside)))
        .as("p99 beside bad peers, in ms")
        .isLessThan(median(p99s(alone)) * NOISE_FACTOR + NOISE_MILLIS);
  }

  @Test
  void floodingPeersCostGoodSessionsNoMoreThanTheyCostTheMembers(Lab lab) {
    int port = Ports.free();
    Postfix first = lab.postfix("mx1", Postfix.DISCARD);
    Posthouse posthouse =
        lab.posthouse(
            new Config()
                .listen("127.0.0.1:" + port)
                .member(first)
                .member(lab.postfix("mx2", Postfix.DISCARD))
                .log("{ links: false }"));
    good(lab, port, 20);
    Load.Result before = good(lab, port, 20);
    Load bad =
        Load.start(
            lab,
            port,
            "--sessions",
            "0",
            "--bad",
            "flood",
            "200",
            "--bad-hold",
            "5m",
            "--source",
            "127.0.7.0/24");
    await("they are there")
        .atMost(Duration.ofSeconds(60))
        .until(() -> posthouse.virtualServer().get("links").get("total").asInt() >= 500);
    Load.Result direct = good(lab, first.port(), 20);
    Load.Result during = good(lab, port, 20);
    double memory = posthouse.metric("posthouse_direct_memory_used_bytes");
    Load.Result hostile = bad.end();
    System.out.printf(
        "flood: %d bad links; p99 of good sessions %.1f ms before, %.1f ms during, %.1f ms during"
            + " past Posthouse; failed %d of %d; direct memory %.0f KiB%n",
        hostile.badOpened(),
        before.p99(),
        during.p99(),
        direct.p99(),
        during.failed(),
        during.ok() + during.failed(),
        memory / 1024);
    assertThat(during.failed()).as("good sessions that failed: %s", during).isZero();
    assertThat(memory).as("direct memory under the flood").isLessThan(200 << 20);
    assertThat(during.p99())
        .as("p99 beside a flood, in ms")
        .isLessThan(Math.max(before.p99(), direct.p99()) * NOISE_FACTOR + FLOOD_NOISE_MILLIS);
  }

  private static Load.Result good(Lab lab, int port, int rate) {
    List<String> options = new ArrayList<>(List.of("--sessions", "50", "--duration", "10s"));
    options.addAll(List.of("--rate", String.valueOf(rate)));
    return Load.start(lab, port, options.toArray(String[]::new)).finish(Duration.ofSeconds(90));
  }

  /** Several rounds, since one of them may meet whatever else the machine does. */
  private static List<Load.Result> rounds(Lab lab, int port, int count) {
    List<Load.Result> rounds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rounds.add(good(lab, port, 200));
    }
    return rounds;
  }

  private static List<Double> p99s(List<Load.Result> rounds) {
    return rounds.stream().map(Load.Result::p99).toList();
  }

  private static double median(List<Double> of) {
    return of.stream().sorted().toList().get(of.size() / 2);
  }
}
