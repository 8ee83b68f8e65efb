package io.posthouse.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.model.Log;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventLogTest {
  private static final Event STATE =
      Event.of(
          EventKind.MEMBER_STATE,
          "pool",
          "hub",
          "state",
          "down",
          "reason",
          "connect: Connection refused");
  private static final String HOSTILE =
      "a\r\n2026 info forged=\"yes\"\t\\ \u001b[2J \u2028\u202e\ud800 \u00e9\ud83d\ude00 \u0000";

  @TempDir Path home;
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();
  private volatile Instant now = Instant.parse("2026-11-22T10:00:00.123456Z");

  @Test
  void writesOneLineForPeople() {
    try (EventLog log = start(error)) {
      log.emit(STATE);
    }
    assertThat(errors())
        .isEqualTo(
            "2026-11-22T10:00:00.123Z warn  member changed state pool=hub state=down"
                + " reason=\"connect: Connection refused\"\n");
  }

  @Test
  void writesOneJsonObjectPerLine() {
    try (EventLog log = start(error)) {
      log.configure(new Log(Log.Format.JSON, null, Log.Level.INFO, true), null);
      log.emit(STATE.with("count", 3L).with("half", 0.5).with("no", Double.NaN).with("yes", true));
    }
    JsonNode line = new JsonMapper().readTree(errors());
    assertThat(line.propertyNames())
        .containsExactly(
            "time", "level", "event", "message", "pool", "state", "reason", "count", "half", "no",
            "yes");
    assertThat(line.get("event").asString()).isEqualTo("member-state");
    assertThat(line.get("count").isInt()).isTrue();
    assertThat(line.get("no").asString()).isEqualTo("NaN");
  }

  @Test
  void noValueLeavesItsLine() {
    for (Log.Format format : Log.Format.values()) {
      error.reset();
      try (EventLog log = start(error)) {
        log.configure(new Log(format, null, Log.Level.INFO, true), null);
        log.emit(Event.of(EventKind.LINK_CLOSED, "helo", HOSTILE, "long", "x".repeat(100_000)));
      }
      assertThat(errors()).endsWith("\n").hasSizeLessThan(3000);
      assertThat(errors().strip())
          .doesNotContain("\n", "\r", "\t", "\u001b", "\u2028", "\u202e", "\u0000", "?")
          .contains("\\r\\n2026 info forged=\\\"yes\\\"\\t\\\\ \\u001b[2J \\u2028\\u202e\\ud800")
          .contains("\u00e9\ud83d\ude00");
    }
    assertThat(new JsonMapper().readTree(errors()).get("helo").asString()).isEqualTo(HOSTILE);
  }

  @Test
  void leavesOutLesserLevels() {
    try (EventLog log = start(error)) {
      log.configure(new Log(Log.Format.TEXT, null, Log.Level.ERROR, true), null);
      log.emit(STATE);
      log.emit(Event.of(EventKind.BUG));
    }
    assertThat(errors().lines()).singleElement().asString().contains("unexpected error");
  }

  @Test
  void limitsWhatPeersCanCauseAndSaysHowMuch() {
    try (EventLog log = start(error)) {
      for (int i = 0; i < 143; i++) {
        log.emit(Event.of(EventKind.LINK_REFUSED, "client", "192.0.2.1"));
      }
      now = now.plusSeconds(2);
      await().until(() -> errors().contains("suppressed=123"));
      log.emit(Event.of(EventKind.LINK_REFUSED, "client", "192.0.2.2"));
    }
    assertThat(errors().lines().filter(line -> line.contains("client="))).hasSize(21);
  }

  @Test
  void tellsAFloodWhileItLasts() {
    Torrent torrent = new Torrent();
    for (long second = 1; second < 4; second++) {
      for (int i = 0; i < 100; i++) {
        assertThat(torrent.passes(EventKind.LINK_REFUSED, second)).isEqualTo(i < 20);
      }
      assertThat(torrent.suppressed(EventKind.LINK_REFUSED, second)).isZero();
      assertThat(torrent.suppressed(EventKind.LINK_REFUSED, second + 1)).isEqualTo(80);
    }
    assertThat(torrent.passes(EventKind.LINK_CLOSED, 1)).isTrue();
  }

  @Test
  void neverBlocksAndCountsWhatItDrops() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    OutputStream blocked =
        new OutputStream() {
          @Override
          public void write(int octet) {
            error.write(octet);
          }

          @Override
          public void write(byte[] octets, int from, int length) {
            try {
              stuck.await();
            } catch (InterruptedException ended) {
              Thread.currentThread().interrupt();
            }
            error.write(octets, from, length);
          }
        };
    try (EventLog log = start(blocked)) {
      for (int i = 0; i < 30_000; i++) {
        log.emit(STATE);
      }
      assertThat(log.dropped()).isGreaterThan(10_000);
      stuck.countDown();
      await().until(() -> errors().contains("events were dropped count=" + log.dropped()));
    }
    assertThat(errors().lines().filter(line -> line.contains("dropped"))).hasSize(1);
  }

  @Test
  void goesOnInANewFileAfterRotation() throws Exception {
    Path file = home.resolve("posthouse.log");
    try (EventLog log = start(error)) {
      log.configure(new Log(Log.Format.TEXT, "x", Log.Level.INFO, true), file);
      log.emit(STATE);
      await().until(() -> Files.exists(file) && Files.size(file) > 0);
      Files.move(file, home.resolve("posthouse.log.1"));
      log.reopen();
      log.emit(Event.of(EventKind.STOPPED));
    }
    assertThat(Files.readString(file)).contains("stopped").doesNotContain("member");
    assertThat(Files.readString(home.resolve("posthouse.log.1"))).contains("member changed state");
  }

  @Test
  void aFullDiskIsToldOnceAMinuteAndTriedAgain() throws Exception {
    Path full = Path.of("/dev/full");
    try (EventLog log = start(error)) {
      log.configure(new Log(Log.Format.TEXT, "x", Log.Level.INFO, true), full);
      emitAndAwaitDrop(log);
      emitAndAwaitDrop(log);
      assertThat(errors().lines()).hasSize(1);
      assertThat(errors())
          .contains("cannot write the log /dev/full: No space left on device")
          .contains("log.file")
          .contains("mail goes on");
      now = now.plusSeconds(61);
      emitAndAwaitDrop(log);
      await().until(() -> errors().lines().count() == 2);
      Path file = home.resolve("posthouse.log");
      log.configure(new Log(Log.Format.TEXT, "y", Log.Level.INFO, true), file);
      await().until(() -> Files.exists(file) && Files.readString(file).contains("count=3"));
    }
  }

  @Test
  void warningsOfLibrariesBecomeEvents() {
    try (EventLog log = start(error)) {
      JulBridge bridge = new JulBridge(log);
      LogRecord warning = new LogRecord(Level.WARNING, "closing {0} failed");
      warning.setLoggerName("io.netty.channel");
      warning.setParameters(new Object[] {"it"});
      warning.setThrown(new IllegalStateException("why"));
      bridge.publish(warning);
      bridge.publish(new LogRecord(Level.INFO, "chatter"));
      bridge.publish(noRecord());
    }
    assertThat(errors())
        .endsWith(
            "warn  library message logger=io.netty.channel text=\"closing it failed\""
                + " error=\"java.lang.IllegalStateException: why\"\n")
        .doesNotContain("chatter");
  }

  private static @Nullable LogRecord noRecord() {
    return null;
  }

  private static void emitAndAwaitDrop(EventLog log) {
    long before = log.dropped();
    log.emit(STATE);
    await().until(() -> log.dropped() > before);
  }

  private EventLog start(OutputStream out) {
    return EventLog.start(() -> now, out);
  }

  private String errors() {
    return error.toString(StandardCharsets.UTF_8);
  }
}
