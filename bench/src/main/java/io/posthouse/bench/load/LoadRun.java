package io.posthouse.bench.load;

import io.posthouse.bench.measure.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A run of the load client, from {@link #start} to {@link #await}.
 *
 * <p>It ends when its duration is over, its sessions are used up, or {@link #stop} was called;
 * sessions that are running then still end in order, at most one message and one time-out later.
 * Safe for any thread.
 */
public final class LoadRun {

  private final LoadPlan plan;
  private final RunState state;
  private final List<LoadLoop> loops = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> bug = new AtomicReference<>();
  private final long startedAt;

  private LoadRun(LoadPlan plan) {
    this.plan = plan;
    this.startedAt = Clock.nanos();
    this.state = new RunState(plan, startedAt);
  }

  /**
   * Starts a run.
   *
   * @throws IOException when this machine gives no selector
   */
  public static LoadRun start(LoadPlan plan) throws IOException {
    LoadRun run = new LoadRun(plan);
    Script script = Script.of(plan.mail());
    for (int i = 0; i < plan.threads(); i++) {
      run.loops.add(new LoadLoop(plan, run.state, script, i));
    }
    for (LoadLoop loop : run.loops) {
      Thread thread =
          Thread.ofPlatform().name("load-" + run.threads.size()).daemon().unstarted(loop);
      thread.setUncaughtExceptionHandler(run::died);
      run.threads.add(thread);
    }
    run.threads.forEach(Thread::start);
    return run;
  }

  /** Lets running sessions end after the message they are at and starts no more. */
  public void stop() {
    state.stop();
  }

  /** Idle links that have got their banner and are still open. */
  public int idleHeld() {
    return state.idleHeldNow();
  }

  /**
   * Waits until every idle link has got its banner or has failed.
   *
   * @return how many are held then
   */
  public int awaitIdle(Duration most) throws InterruptedException {
    long end = Clock.nanos() + most.toNanos();
    while (state.idleSettledNow() < plan.idleLinks() && Clock.nanos() - end < 0) {
      Clock.pause(Duration.ofMillis(5));
    }
    return state.idleHeldNow();
  }

  /**
   * Waits for the end of the run.
   *
   * @throws IllegalStateException when a loop died, which is a bug of the client
   */
  public LoadResult await() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable cause = bug.get();
    if (cause != null) {
      throw new IllegalStateException("the load client failed", cause);
    }
    Tally all = new Tally();
    long end = startedAt;
    for (LoadLoop loop : loops) {
      all.add(loop.tally());
      end = Math.max(end, loop.lastSessionEnd());
    }
    double seconds =
        all.sessionsStarted == 0 ? Clock.secondsSince(startedAt) : (end - startedAt) / 1e9;
    return LoadResult.of(plan, all, seconds, state.idleHeldNow());
  }

  /** Starts a run and waits for its end. */
  public static LoadResult run(LoadPlan plan) throws IOException, InterruptedException {
    return start(plan).await();
  }

  private void died(Thread thread, Throwable cause) {
    bug.compareAndSet(null, cause);
    state.stop();
  }
}
