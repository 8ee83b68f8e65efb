package io.posthouse.ledger;

import io.posthouse.door.Event;
import java.time.Instant;

/** An event and when it happened. */
record Line(Instant at, Event event) {}
