package io.posthouse.probe;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.health.EffectiveState;
import io.posthouse.health.MemberChange;
import java.util.List;
import java.util.Locale;

/** Tells the log what members came to. */
record MemberEvents(EventSink events) {
  /** Says those changes of a pool's members that are ones of health. */
  void tell(String pool, List<MemberChange> changes) {
    changes.stream()
        .filter(MemberChange::isEffective)
        .forEach(change -> events.emit(event(pool, change)));
  }

  private static Event event(String pool, MemberChange change) {
    EffectiveState to = change.after().effective();
    return Event.of(
        to == EffectiveState.UP ? EventKind.MEMBER_UP : EventKind.MEMBER_STATE,
        "pool",
        pool,
        "member",
        change.member(),
        "from",
        change.before().effective().name().toLowerCase(Locale.ROOT),
        "to",
        to.name().toLowerCase(Locale.ROOT),
        "reason",
        change.after().reason());
  }
}
