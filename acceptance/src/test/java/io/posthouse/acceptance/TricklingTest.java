package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Very many clients of mode smtp that send an octet now and then, beside good ones. */
@ExtendWith(LabExtension.class)
final class TricklingTest {
  private static final int TRICKLING = 10_000;

  /** What a link that trickles may cost of resident memory. */
  private static final int KIBIBYTES_A_LINK = 8;

  @Test
  void tenThousandTricklingLinksCostEightKibibytesEachAndNoGoodSession(Lab lab) throws IOException {
    int port = Ports.free();
    // The links need descriptors beyond the usual limit, and half of it is reserved for members.
    Posthouse posthouse =
        lab.keep(
                new Posthouse(
                    Lab.repository().resolve("posthouse"),
                    lab.folder(),
                    new Config()
                        .smtp("max-errors: 20")
                        .listen("127.0.0.1:" + port)
                        .member(lab.sink("mx1"))
                        .member(lab.sink("mx2"))
                        .log("{ links: false }"),
                    List.of("prlimit", "--nofile=40000:40000")))
            .started();
    good(lab, port);
    Load.Result before = good(lab, port);
    posthouse.jcmd("GC.run");
    long resident = residentKibibytes(posthouse);
    Load crowd =
        Load.start(
            lab,
            port,
            "--sessions",
            "0",
            "--bad",
            "trickle",
            String.valueOf(TRICKLING),
            "--bad-hold",
            "5m",
            "--source",
            "127.0.7.0/24");
    await("they are there")
        .atMost(Duration.ofSeconds(90))
        .until(() -> posthouse.virtualServer().get("links").get("open").asInt() >= TRICKLING);
    Load.Result during = good(lab, port);
    posthouse.jcmd("GC.run");
    long grown = residentKibibytes(posthouse) - resident;
    double direct = posthouse.metric("posthouse_direct_memory_used_bytes") / 1024;
    crowd.end();
    System.out.printf(
        "%d trickling links: %d KiB more resident, %.1f KiB a link, direct memory %.0f KiB; p50 of"
            + " good sessions %.1f, %.1f ms, p99 %.1f, %.1f ms before, during; failed %d of %d%n",
        TRICKLING,
        grown,
        (double) grown / TRICKLING,
        direct,
        before.p50(),
        during.p50(),
        before.p99(),
        during.p99(),
        during.failed(),
        during.ok() + during.failed());
    assertThat(during.failed()).as("good sessions that failed: %s", during).isZero();
    assertThat(grown).as("KiB").isLessThan(KIBIBYTES_A_LINK * TRICKLING);
  }

  private static Load.Result good(Lab lab, int port) {
    return Load.start(lab, port, "--sessions", "50", "--rate", "100", "--duration", "10s")
        .finish(Duration.ofSeconds(90));
  }

  private static long residentKibibytes(Posthouse posthouse) throws IOException {
    Path status = Path.of("/proc/" + posthouse.daemon().pid() + "/status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
