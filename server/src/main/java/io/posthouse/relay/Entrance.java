package io.posthouse.relay;

import io.posthouse.backend.Route;
import io.posthouse.backend.Routes;
import io.posthouse.net.ClientIdentity;
import io.posthouse.persist.ClientKey;
import io.posthouse.policy.ClassBounds.Answer;
import org.jspecify.annotations.Nullable;

/** Who a link's client is, and the class that it was let in as. */
final class Entrance {
  private final ClientIdentity peer;
  private ClientIdentity client;
  private @Nullable Route route;
  private boolean left;

  /** As long as nobody says anything else, the client is whoever connected. */
  Entrance(ClientIdentity peer) {
    this.peer = peer;
    this.client = peer;
  }

  /** Lets a client in; else says how its link ends. */
  @Nullable LinkEnd enter(Routes routes, ClientIdentity who) {
    client = who;
    Route found = routes.of(who.address());
    return found == null ? LinkEnd.NO_CLASS : enter(found);
  }

  /** Has a client that was let in take another route; else says how its link ends. */
  @Nullable LinkEnd move(Route to) {
    Route before = route;
    if (before != null && before.bounds() == to.bounds()) {
      route = to;
      return null;
    }
    leave();
    return enter(to);
  }

  private @Nullable LinkEnd enter(Route found) {
    if (found.bounds().open(key()) != Answer.ADMITTED) {
      found.counts().refusedLink();
      return LinkEnd.CLASS_LIMIT;
    }
    found.counts().opened();
    route = found;
    left = false;
    return null;
  }

  /** The link is over: its place is free; what it was served with stays known. */
  void leave() {
    Route by = route;
    if (by != null && !left) {
      left = true;
      by.bounds().close(key());
      by.counts().closed();
    }
  }

  private ClientKey key() {
    return ClientKey.of(client.address(), 32, 64);
  }

  /** Who connected. */
  ClientIdentity peer() {
    return peer;
  }

  /** The client. */
  ClientIdentity client() {
    return client;
  }

  /** What the client is served with; null when it was not let in. */
  @Nullable Route route() {
    return route;
  }
}
