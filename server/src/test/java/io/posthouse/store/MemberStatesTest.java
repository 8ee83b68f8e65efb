package io.posthouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.model.AdminState;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberStatesTest {
  private static final Member EX1 = member("ex1", AdminState.ENABLED);
  private final List<Event> events = new ArrayList<>();
  @TempDir Path home;

  @Test
  void survivesARestart() {
    open().set("hub", EX1, AdminState.DRAINING);
    assertThat(open().stateOf("hub", EX1)).isEqualTo(AdminState.DRAINING);
    assertThat(open().stateOf("other", EX1)).isEqualTo(AdminState.ENABLED);
    assertThat(events).isEmpty();
  }

  @Test
  void enableEndsIt() {
    open().set("hub", EX1, AdminState.DISABLED);
    open().set("hub", EX1, AdminState.ENABLED);
    assertThat(open().stateOf("hub", EX1)).isEqualTo(AdminState.ENABLED);
  }

  @Test
  void enableOfAMemberThatTheFileDrainsHoldsToo() {
    Member drained = member("ex1", AdminState.DRAINING);
    open().set("hub", drained, AdminState.ENABLED);
    assertThat(open().stateOf("hub", drained)).isEqualTo(AdminState.ENABLED);
  }

  @Test
  void anEditOfTheFileWins() {
    open().set("hub", EX1, AdminState.DISABLED);
    assertThat(open().stateOf("hub", member("ex1", AdminState.DRAINING)))
        .isEqualTo(AdminState.DRAINING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"version\":2,\"members\":[]}",
        "{\"version\":1,\"members\":[{\"pool\":\"hub\"}]}",
        "{\"version\":1,\"members\":[{\"pool\":\"hub\",\"member\":\"a\",\"state\":\"off\",\"state-in-file\":\"enabled\"}]}"
      })
  void setsACorruptFileAsideAndSaysSo(String content) throws Exception {
    Path file = home.resolve("member-states.json");
    Files.writeString(file, content);
    MemberStates states = open();
    assertThat(states.stateOf("hub", EX1)).isEqualTo(AdminState.ENABLED);
    assertThat(events).extracting(Event::kind).containsExactly(EventKind.STORE_CORRUPT);
    assertThat(home.resolve("member-states.json.corrupt")).hasContent(content);
    states.set("hub", EX1, AdminState.DRAINING);
    assertThat(open().stateOf("hub", EX1)).isEqualTo(AdminState.DRAINING);
  }

  @Test
  void goesOnWithoutADiskAndSaysItOnce() throws Exception {
    Path state = home.resolve("state");
    MemberStates states = MemberStates.open(state, events::add);
    Files.createFile(state);
    states.set("hub", EX1, AdminState.DRAINING);
    states.set("hub", EX1, AdminState.DISABLED);
    assertThat(states.stateOf("hub", EX1)).isEqualTo(AdminState.DISABLED);
    assertThat(events).extracting(Event::kind).containsExactly(EventKind.STORE_FAILED);
    Files.delete(state);
    states.set("hub", EX1, AdminState.DISABLED);
    assertThat(MemberStates.open(state, events::add).stateOf("hub", EX1))
        .isEqualTo(AdminState.DISABLED);
  }

  @Test
  void neverWritesOverAFileThatItCouldNotRead() throws Exception {
    Member ex2 = member("ex2", AdminState.ENABLED);
    Member ex3 = member("ex3", AdminState.ENABLED);
    open().set("hub", ex2, AdminState.DISABLED);
    open().set("hub", ex3, AdminState.DISABLED);
    Path file = home.resolve("member-states.json");
    byte[] content = Files.readAllBytes(file);
    Files.delete(file);
    // As unreadable as a bad sector, for root too.
    Files.createDirectory(file);
    MemberStates states = open();
    states.set("hub", EX1, AdminState.DRAINING);
    states.set("hub", ex3, AdminState.ENABLED);
    assertThat(states.stateOf("hub", EX1)).isEqualTo(AdminState.DRAINING);
    assertThat(file).isEmptyDirectory();
    assertThat(events).extracting(Event::kind).containsExactly(EventKind.STORE_FAILED);
    assertThat(events.getFirst().fields()).contains("read");

    Files.delete(file);
    Files.write(file, content);
    states.set("hub", EX1, AdminState.DISABLED);
    MemberStates next = open();
    assertThat(next.stateOf("hub", EX1)).isEqualTo(AdminState.DISABLED);
    assertThat(next.stateOf("hub", ex2)).isEqualTo(AdminState.DISABLED);
    assertThat(next.stateOf("hub", ex3)).isEqualTo(AdminState.ENABLED);
  }

  private MemberStates open() {
    return MemberStates.open(home, events::add);
  }

  private static Member member(String name, AdminState state) {
    return new Member(name, new Endpoint("10.1.1.21", 25), 1, 0, 0, state, null, true, null);
  }
}
