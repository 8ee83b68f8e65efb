package io.posthouse.bench.load;

import io.posthouse.bench.measure.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One thread of a run: a selector and the peers that live on it. */
final class LoadLoop implements Runnable {

  /** Short, since what falls due within one tick comes as a burst. */
  private static final long TICK_NANOS = 2_000_000;

  private static final int MOST_OPENING = 64;

  private final LoadPlan plan;
  private final RunState state;
  private final Selector selector;
  private final Tally tally = new Tally();
  private final @Nullable TlsClient tls;
  private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(32 * 1024);
  private final List<Peer> peers = new ArrayList<>();
  private final ArrayDeque<Session> resting = new ArrayDeque<>();
  private final ArrayDeque<IdleLink> idleToOpen = new ArrayDeque<>();
  private final double nanosPerSession;
  private double nextSessionAt;
  private int sessionSlots;
  private int idleOpening;
  private long now;
  private long nextTick;
  private long lastSessionEnd;

  LoadLoop(LoadPlan plan, RunState state, Script script, int index) throws IOException {
    this.plan = plan;
    this.state = state;
    this.selector = Selector.open();
    TlsLoad load = plan.tls();
    this.tls = load == null ? null : new TlsClient(load);
    this.now = Clock.nanos();
    this.lastSessionEnd = now;
    double perSecond = plan.sessions().perSecond() / plan.threads();
    this.nanosPerSession = perSecond == 0 ? 0 : 1e9 / perSecond;
    for (int i = index; i < plan.sessions().concurrent(); i += plan.threads()) {
      resting.add(new Session(this, script.copy(), i));
    }
    sessionSlots = resting.size();
    peers.addAll(resting);
    for (int i = index; i < plan.idleLinks(); i += plan.threads()) {
      idleToOpen.add(new IdleLink(this, plan.sessions().concurrent() + i));
    }
    peers.addAll(idleToOpen);
    for (Map.Entry<BadKind, Integer> bad : plan.bad().entrySet()) {
      addBad(bad.getKey(), bad.getValue(), index);
    }
  }

  private void addBad(BadKind kind, int count, int index) throws IOException {
    for (int i = index; i < count; i += plan.threads()) {
      peers.add(new BadPeer(this, kind, tally.bad(kind), i, count));
    }
  }

  /** Runs until the run is to stop and the last good session has ended. */
  @Override
  public void run() {
    try {
      nextSessionAt = now;
      nextTick = now;
      while (!isOver()) {
        now = Clock.nanos();
        startSessions();
        startIdle();
        selector.select(this::dispatch, waitMillis());
        now = Clock.nanos();
        if (now - nextTick >= 0) {
          tick();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the selector failed", e);
    } finally {
      peers.forEach(Peer::drop);
      closeSelector();
    }
  }

  private boolean isOver() {
    return state.isClosing() && resting.size() == sessionSlots;
  }

  private void dispatch(SelectionKey key) {
    now = Clock.nanos();
    Wire wire = (Wire) key.attachment();
    if (key.isValid() && wire.peer().wire == wire) {
      wire.peer().ready(wire);
    }
  }

  private void tick() {
    nextTick = now + TICK_NANOS;
    state.checkTime(now);
    for (Peer peer : peers) {
      peer.tick(now);
    }
  }

  private void startSessions() {
    // Only those resting now: a start that fails at once must not spin here.
    for (int i = resting.size(); i > 0 && !state.isClosing() && isDue(); i--) {
      Session session = resting.remove();
      if (session.isRested(now) && state.takeSession()) {
        nextSessionAt = Math.max(nextSessionAt + nanosPerSession, now - 1e9);
        session.start(now);
      } else {
        resting.add(session);
      }
    }
  }

  private boolean isDue() {
    return nanosPerSession == 0 || now >= nextSessionAt;
  }

  private void startIdle() {
    while (idleOpening < MOST_OPENING && !idleToOpen.isEmpty() && !state.isStopping()) {
      idleOpening++;
      idleToOpen.remove().start(now);
    }
  }

  private long waitMillis() {
    if (!resting.isEmpty() && !state.isClosing()) {
      // Resting after a failure, or waiting for the rate: both are about this fine.
      return 1;
    }
    return Math.max(1, (nextTick - now) / 1_000_000);
  }

  private void closeSelector() {
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the selector did not close", e);
    }
  }

  LoadPlan plan() {
    return plan;
  }

  Selector selector() {
    return selector;
  }

  Tally tally() {
    return tally;
  }

  ByteBuffer readBuffer() {
    return readBuffer;
  }

  /** For links in TLS; the plan has some. */
  TlsClient tls() {
    return Objects.requireNonNull(tls);
  }

  /** The time at which the present event was taken up. */
  long now() {
    return now;
  }

  /** When the last good session of this loop ended. */
  long lastSessionEnd() {
    return lastSessionEnd;
  }

  boolean isStopping() {
    return state.isStopping();
  }

  void ended(Session session) {
    lastSessionEnd = now;
    resting.add(session);
  }

  void idleHeld(IdleLink link) {
    assert link.wire != null;
    idleOpening--;
    state.idleHeld();
  }

  void idleOver(IdleLink link, boolean wasHeld) {
    assert link.wire == null;
    if (!wasHeld) {
      idleOpening--;
    }
    state.idleOver(wasHeld);
  }
}
