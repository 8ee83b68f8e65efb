package io.posthouse.app;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.Ticker;
import io.posthouse.ruleset.HalfOpen;
import java.util.HashMap;
import java.util.Map;

/** Says when clients do not get a member's answers in mode dsr, and when they do again. */
final class HalfOpenWatch {
  private final EventSink events;
  private final Ticker ticker;
  private final Map<String, HalfOpen> watched = new HashMap<>();

  HalfOpenWatch(EventSink events, Ticker ticker) {
    this.events = events;
    this.ticker = ticker;
  }

  /** Looks at a member's links behind one address of a virtual server. */
  void look(String address, String server, String member, long begun, long made) {
    HalfOpen its = watched.computeIfAbsent(address + " " + member, _ -> new HalfOpen());
    switch (its.look(begun, made, ticker.nanos())) {
      case NONE -> {}
      case HALF_OPEN ->
          events.emit(
              Event.of(
                  EventKind.DSR_HALF_OPEN,
                  "virtual-server",
                  server,
                  "member",
                  member,
                  "begun",
                  begun,
                  "made",
                  made,
                  "remedy",
                  "posthouse dsr check "
                      + server
                      + " tells what is wrong with the server or the way back; a flood of SYNs looks the same"));
      case RECOVERED ->
          events.emit(
              Event.of(EventKind.DSR_RECOVERED, "virtual-server", server, "member", member));
    }
  }
}
