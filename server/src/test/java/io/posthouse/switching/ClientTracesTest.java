package io.posthouse.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Tracing.Direction;
import io.posthouse.door.Tracing.Part;
import io.posthouse.testkit.HandClock;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is followed, and for how long. */
class ClientTracesTest {
  private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");
  private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.8");

  private final HandClock clock = new HandClock();
  private final ClientTraces traces = new ClientTraces(clock, clock);

  private long begin(Duration time) {
    return traces.begin(CLIENT, time).orElseThrow();
  }

  private void add(String text) {
    traces.add(CLIENT, "192.0.2.7 50123", Direction.NOTE, text);
  }

  @Test
  void onlyTheClientThatWasNamedIsFollowed() {
    assertThat(traces.isFollowed(CLIENT)).isFalse();
    long trace = begin(Duration.ofMinutes(10));
    assertThat(traces.isFollowed(OTHER)).isFalse();
    add("NOOP");
    traces.add(OTHER, "192.0.2.8 50123", Direction.NOTE, "not this");
    assertThat(traces.read(trace).lines())
        .singleElement()
        .extracting("link", "direction", "text")
        .containsExactly("192.0.2.7 50123", Direction.NOTE, "NOOP");
    assertThat(traces.read(trace).lines()).as("each is read once").isEmpty();
  }

  @Test
  void twoMayFollowOneClientAndBothReadAll() {
    long first = begin(Duration.ofMinutes(10));
    long second = begin(Duration.ofMinutes(10));
    add("NOOP");
    assertThat(traces.read(first).lines()).hasSize(1);
    assertThat(traces.read(second).lines()).hasSize(1);
  }

  @Test
  void itEndsWithItsTimeAndSaysSo() {
    long trace = begin(Duration.ofSeconds(20));
    add("last");
    clock.advance(Duration.ofSeconds(20));
    assertThat(traces.isFollowed(CLIENT)).isFalse();
    Part part = traces.read(trace);
    assertThat(part.over()).isTrue();
    assertThat(part.lines()).hasSize(1);
    assertThatThrownBy(() -> traces.read(trace))
        .isInstanceOf(BadQuestionException.class)
        .hasMessageContaining("there is no trace");
  }

  @Test
  void whatNobodyReadsEndsByItself() {
    long trace = begin(Duration.ofHours(1));
    clock.advance(Duration.ofSeconds(29));
    traces.read(trace);
    clock.advance(Duration.ofSeconds(29));
    assertThat(traces.isFollowed(CLIENT)).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(traces.isFollowed(CLIENT)).isFalse();
  }

  @Test
  void whatThereIsNoRoomForIsCountedAndLost() {
    long trace = begin(Duration.ofHours(1));
    for (int n = 0; n < 10_007; n++) {
      add("x");
    }
    Part part = traces.read(trace);
    assertThat(part.lines()).hasSize(10_000);
    assertThat(part.lost()).isEqualTo(7);
    add("room again");
    assertThat(traces.read(trace).lines()).hasSize(1);
  }

  @Test
  void eightAreFollowedAtOnceAndAnEndMakesRoom() {
    long first = begin(Duration.ofHours(1));
    for (int n = 1; n < 8; n++) {
      begin(Duration.ofHours(1));
    }
    assertThat(traces.begin(OTHER, Duration.ofHours(1))).isEmpty();
    traces.end(first);
    assertThat(traces.begin(OTHER, Duration.ofHours(1))).hasValue(9);
  }
}
