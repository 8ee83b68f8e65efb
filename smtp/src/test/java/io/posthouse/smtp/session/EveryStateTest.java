package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every state times every event: from the greeting on, everything that may happen is done in every
 * situation that differs from those before, also with commands pipelined in front of it, and the
 * session is brought to its end. The laws are those of {@link WatchedSession}.
 */
class EveryStateTest {
  private static final List<Happening> ALL = Happening.all();
  private static final int MOST_WAITING = 2;
  private static final int MOST_RECIPIENTS = 1;

  /** What a pipelining client has sent before the event comes. */
  private static final List<List<String>> PIPELINED =
      List.of(
          List.of(),
          List.of("NOOP", "BOGUS"),
          List.of("RCPT TO:<b@y>", "NOOP", "DATA"),
          List.of("RCPT TO:<b@y>", "RSET"),
          List.of("NOOP", "QUIT"));

  @Test
  void everyEventInEveryStateKeepsTheLaws() {
    // No session knows of another, so all processors may walk.
    ways().parallelStream().forEach(EveryStateTest::goOnFrom);
  }

  private static void goOnFrom(List<Happening> way) {
    for (List<String> pipelined : PIPELINED) {
      for (Happening event : possible(along(way, pipelined))) {
        runToTheEnd(way, pipelined, event);
      }
    }
  }

  private static void runToTheEnd(List<Happening> way, List<String> pipelined, Happening event) {
    try {
      WatchedSession session = along(way, pipelined);
      event.act().accept(session);
      session.finish();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(way + ", " + pipelined + ", " + event, e);
    }
  }

  private static List<Happening> possible(WatchedSession session) {
    return ALL.stream().filter(event -> event.possible().test(session)).toList();
  }

  private static WatchedSession along(List<Happening> way, List<String> pipelined) {
    WatchedSession session = new WatchedSession();
    way.forEach(event -> event.act().accept(session));
    for (String line : pipelined) {
      if (session.isClientThere() && session.link.input() == ClientInput.COMMAND) {
        session.command(line);
      }
    }
    return session;
  }

  /** The shortest way to each situation. */
  private static List<List<Happening>> ways() {
    Set<String> found = new HashSet<>();
    Set<ClientState> states = EnumSet.noneOf(ClientState.class);
    Set<ServerSide.Step> steps = EnumSet.noneOf(ServerSide.Step.class);
    List<List<Happening>> ways = new ArrayList<>();
    ArrayDeque<List<Happening>> open = new ArrayDeque<>();
    open.add(List.of());
    while (!open.isEmpty()) {
      List<Happening> way = open.remove();
      ways.add(way);
      for (Happening event : possible(along(way, List.of()))) {
        List<Happening> longer = new ArrayList<>(way);
        longer.add(event);
        WatchedSession session = step(longer);
        states.add(session.link.state());
        if (session.awaited() instanceof ServerSide.Step step) {
          steps.add(step);
        }
        if (isOpen(session) && found.add(session.key())) {
          open.add(longer);
        }
      }
    }
    assertThat(states).hasSameSizeAs(ClientState.values());
    assertThat(steps).hasSameSizeAs(ServerSide.Step.values());
    return ways;
  }

  private static WatchedSession step(List<Happening> way) {
    try {
      return along(way, List.of());
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(way.toString(), e);
    }
  }

  private static boolean isOpen(WatchedSession session) {
    Transaction now = session.link.transaction();
    int recipients = now == null ? 0 : now.recipients().size();
    return session.link.state() != ClientState.CLOSED
        && session.waiting() <= MOST_WAITING
        && recipients <= MOST_RECIPIENTS;
  }
}
