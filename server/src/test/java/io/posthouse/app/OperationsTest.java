package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.UnknownMemberException;
import io.posthouse.model.AdminState;
import io.posthouse.model.Endpoint;
import io.posthouse.net.ListenException;
import io.posthouse.testkit.LoopbackServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drain, disable, enable, when-down, start and stop, on a whole Posthouse. */
class OperationsTest {
  @TempDir Path directory;

  private final LoopbackServer one = LoopbackServer.echo("one");
  private final LoopbackServer two = LoopbackServer.echo("two");

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private String file(String m1State, String serverKeys) {
    return """
    pools:
      hub:
        disable-deadline: 300ms
        members:
          m1: { address: "127.0.0.1:%d", state: %s }
          m2: "127.0.0.1:%d"
    virtual-servers:
      VS: { mode: tcp, listen: "127.0.0.1:0", pool: hub%s }
    """
        .formatted(one.port(), m1State, two.port(), serverKeys);
  }

  private RunningHouse start() throws Exception {
    return RunningHouse.start(directory, file("enabled", ""));
  }

  private static void set(RunningHouse house, String member, AdminState state) {
    house.posthouse().control().administer("hub", member, state, "test");
  }

  private static void onlyTwoAnswers(RunningHouse house) throws IOException {
    for (int i = 0; i < 4; i++) {
      assertThat(house.ask("VS")).isEqualTo("two");
    }
  }

  /** A link to m1, whose turn it is in a fresh house. */
  private static Socket linkToOne(RunningHouse house) throws IOException {
    Socket link = house.connect("VS");
    assertThat(RunningHouse.line(link)).isEqualTo("one");
    return link;
  }

  private static void assertLives(Socket link) throws IOException {
    assertThat(RunningHouse.say(link, "still there")).isEqualTo("still there");
  }

  private static void assertIsCut(Socket link) {
    assertThatThrownBy(() -> link.getInputStream().read()).hasMessageContaining("reset");
  }

  @Test
  void aDrainedMemberGetsNoNewLinkFromThenOn() throws Exception {
    try (RunningHouse house = start()) {
      Socket old = linkToOne(house);
      set(house, "m1", AdminState.DRAINING);
      onlyTwoAnswers(house);
      assertLives(old);
      assertThat(house.member("hub", "m1").state()).isEqualTo(AdminState.DRAINING);
      set(house, "m1", AdminState.ENABLED);
      assertThat(house.ask("VS") + house.ask("VS")).contains("one");
    }
  }

  @Test
  void aDrainSurvivesReloadAndRestart() throws Exception {
    try (RunningHouse house = start()) {
      set(house, "m1", AdminState.DRAINING);
      assertThat(house.reload(file("enabled", "")).applied()).isTrue();
      assertThat(house.member("hub", "m1").state()).isEqualTo(AdminState.DRAINING);
      onlyTwoAnswers(house);
    }
    try (RunningHouse house = start()) {
      assertThat(house.member("hub", "m1").state()).isEqualTo(AdminState.DRAINING);
      onlyTwoAnswers(house);
    }
  }

  @Test
  void aDrainIsNoChangeOfTheFile() throws Exception {
    try (RunningHouse house = start()) {
      set(house, "m1", AdminState.DRAINING);
      assertThat(house.reload(file("enabled", "")).changes()).isEmpty();
    }
  }

  @Test
  void anEditedFileWins() throws Exception {
    try (RunningHouse house = start()) {
      set(house, "m1", AdminState.DRAINING);
      house.reload(file("disabled", ""));
      assertThat(house.member("hub", "m1").state()).isEqualTo(AdminState.DISABLED);
      house.reload(file("enabled", ""));
      assertThat(house.member("hub", "m1").state()).isEqualTo(AdminState.ENABLED);
    }
  }

  @Test
  void disableCutsAfterTheDeadlineAndNotBefore() throws Exception {
    try (RunningHouse house = start()) {
      Socket old = linkToOne(house);
      Socket other = house.connect("VS");
      assertThat(RunningHouse.line(other)).isEqualTo("two");
      long before = System.nanoTime();
      set(house, "m1", AdminState.DISABLED);
      assertLives(old);
      assertIsCut(old);
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThan(Duration.ofMillis(290));
      assertLives(other);
    }
  }

  @Test
  void disabledInTheFileCutsAsWell() throws Exception {
    try (RunningHouse house = start()) {
      Socket old = linkToOne(house);
      house.reload(file("disabled", ""));
      assertIsCut(old);
      onlyTwoAnswers(house);
    }
  }

  @Test
  void enabledAgainBeforeTheDeadlineNothingIsCut() throws Exception {
    try (RunningHouse house = start()) {
      Socket old = linkToOne(house);
      set(house, "m1", AdminState.DISABLED);
      set(house, "m1", AdminState.ENABLED);
      old.setSoTimeout(700);
      assertThatThrownBy(() -> old.getInputStream().read()).hasMessageContaining("timed out");
      old.setSoTimeout(5_000);
      assertLives(old);
    }
  }

  @Test
  void linksOfAVirtualServerThatIsGoneAreCutToo() throws Exception {
    try (RunningHouse house = start()) {
      Socket old = linkToOne(house);
      house.reload(file("enabled", "").replace(" VS:", " OTHER:"));
      assertLives(old);
      set(house, "m1", AdminState.DISABLED);
      assertIsCut(old);
    }
  }

  @Test
  void anUnknownMemberIsSaid() throws Exception {
    try (RunningHouse house = start()) {
      assertThatThrownBy(() -> set(house, "m9", AdminState.DRAINING))
          .isInstanceOf(UnknownMemberException.class)
          .hasMessageContaining("hub/m9");
    }
  }

  @Test
  void whenDownCloseStopsListeningAndListensAgain() throws Exception {
    String file = file("enabled", ", when-down: close");
    try (RunningHouse house = RunningHouse.start(directory, file)) {
      Endpoint address = house.address("VS");
      Socket old = linkToOne(house);
      set(house, "m1", AdminState.DRAINING);
      assertThat(house.server("VS").listening()).isNotEmpty();
      set(house, "m2", AdminState.DRAINING);
      await().until(() -> house.server("VS").listening().isEmpty());
      assertThatThrownBy(() -> house.connect(address)).isInstanceOf(IOException.class);
      assertLives(old);
      set(house, "m2", AdminState.ENABLED);
      await().until(() -> !house.server("VS").listening().isEmpty());
      assertThat(house.ask("VS")).isEqualTo("two");
    }
  }

  @Test
  void whenDown421IsSaid() throws Exception {
    try (RunningHouse house = RunningHouse.start(directory, file("enabled", ", when-down: 421"))) {
      set(house, "m1", AdminState.DRAINING);
      set(house, "m2", AdminState.DRAINING);
      assertThat(house.ask("VS")).startsWith("421 4.3.2 ");
    }
  }

  /** The API's port is taken: mail does not wait for it. */
  @Test
  void linksAreServedBeforeAndWithoutTheApi() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));
      String admin = "127.0.0.1:" + taken.getLocalPort();
      try (RunningHouse house = RunningHouse.start(directory, admin, file("enabled", ""))) {
        assertThat(house.ask("VS")).isEqualTo("one");
        assertThat(house.posthouse().adminAddress()).isNull();
        await().until(() -> house.log().contains("administration API is not available"));
      }
    }
  }

  @Test
  void aPortInUseEndsTheStart() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));
      String listen = "\"127.0.0.1:" + taken.getLocalPort() + "\"";
      String file = file("enabled", "").replace("\"127.0.0.1:0\"", listen);
      assertThatThrownBy(() -> RunningHouse.start(directory, file))
          .isInstanceOf(ListenException.class)
          .hasMessageContaining("ss -ltnp");
    }
  }

  /** While the process drains, nothing may bind again what it has just let go of. */
  @Test
  void whatStoppedListeningStaysClosed() throws Exception {
    try (RunningHouse house = start()) {
      Endpoint address = house.address("VS");
      Socket old = linkToOne(house);
      house.posthouse().stopListening();
      await().until(() -> house.server("VS").listening().isEmpty());
      house.posthouse().matchListeners();
      house.reload(file("enabled", ""));
      assertThat(house.server("VS").listening()).isEmpty();
      assertThatThrownBy(() -> house.connect(address)).isInstanceOf(IOException.class);
      assertLives(old);
    }
  }
}
