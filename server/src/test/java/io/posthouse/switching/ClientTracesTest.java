package io.posthouse.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Tracing.Direction;
import io.posthouse.door.Tracing.Part;
import io.posthouse.switching.ClientTraces.Trace;
import io.posthouse.testkit.HandClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who is followed, and for how long. */
class ClientTracesTest {
  private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");
  private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.8");

  private final HandClock clock = new HandClock();
  private final ClientTraces traces = new ClientTraces(clock, clock);

  private Trace followed() {
    return Objects.requireNonNull(traces.of(CLIENT));
  }

  @Test
  void onlyTheClientThatWasNamedIsFollowed() {
    assertThat(traces.of(CLIENT)).isNull();
    long trace = traces.begin(CLIENT, Duration.ofMinutes(10));
    assertThat(traces.of(OTHER)).isNull();
    followed().add("192.0.2.7 50123", Direction.FROM_CLIENT, "NOOP");
    assertThat(traces.read(trace).lines())
        .singleElement()
        .extracting("link", "direction", "text")
        .containsExactly("192.0.2.7 50123", Direction.FROM_CLIENT, "NOOP");
    assertThat(traces.read(trace).lines()).as("each is read once").isEmpty();
  }

  @Test
  void itEndsWithItsTimeAndSaysSo() {
    long trace = traces.begin(CLIENT, Duration.ofSeconds(20));
    followed().add("l", Direction.NOTE, "last");
    clock.advance(Duration.ofSeconds(20));
    assertThat(traces.of(CLIENT)).isNull();
    Part part = traces.read(trace);
    assertThat(part.over()).isTrue();
    assertThat(part.lines()).hasSize(1);
    assertThatThrownBy(() -> traces.read(trace))
        .isInstanceOf(BadQuestionException.class)
        .hasMessageContaining("there is no trace");
  }

  @Test
  void whatNobodyReadsEndsByItself() {
    long trace = traces.begin(CLIENT, Duration.ofHours(1));
    clock.advance(Duration.ofSeconds(29));
    traces.read(trace);
    clock.advance(Duration.ofSeconds(29));
    assertThat(traces.of(CLIENT)).isNotNull();
    clock.advance(Duration.ofSeconds(1));
    assertThat(traces.of(CLIENT)).isNull();
  }

  @Test
  void whatThereIsNoRoomForIsCountedAndLost() {
    long trace = traces.begin(CLIENT, Duration.ofHours(1));
    Trace to = followed();
    for (int n = 0; n < 10_007; n++) {
      to.add("l", Direction.NOTE, "x");
    }
    Part part = traces.read(trace);
    assertThat(part.lines()).hasSize(10_000);
    assertThat(part.lost()).isEqualTo(7);
    to.add("l", Direction.NOTE, "room again");
    assertThat(traces.read(trace).lines()).hasSize(1);
  }

  @Test
  void eightAreFollowedAtOnceAndAnEndMakesRoom() {
    long first = traces.begin(CLIENT, Duration.ofHours(1));
    for (int n = 1; n < 8; n++) {
      traces.begin(CLIENT, Duration.ofHours(1));
    }
    assertThatThrownBy(() -> traces.begin(OTHER, Duration.ofHours(1)))
        .isInstanceOf(BadQuestionException.class)
        .hasMessageContaining("8 clients are followed");
    traces.end(first);
    assertThat(traces.begin(OTHER, Duration.ofHours(1))).isEqualTo(9);
  }
}
