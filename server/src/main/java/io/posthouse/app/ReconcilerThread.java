package io.posthouse.app;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The thread on which everything that changes what runs takes its turn. */
final class ReconcilerThread implements AutoCloseable {
  private final ScheduledThreadPoolExecutor executor;
  private final EventSink events;

  ReconcilerThread(EventSink events) {
    this.events = events;
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("reconciler").factory());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Runs a task in its turn and waits for what it gives; a failure of the task is the caller's. */
  <T> T call(Callable<T> task) throws InterruptedException, ExecutionException {
    return executor.submit(task).get();
  }

  /** Runs a task in its turn, after a while. */
  void later(Runnable task, long millis) {
    executor.schedule(() -> guarded(task), millis, TimeUnit.MILLISECONDS);
  }

  /** Runs a task again and again; the first time after one interval. */
  void every(Runnable task, long millis) {
    executor.scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** What is under way ends, what waits is dropped. Blocks, five seconds at most. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      executor.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      events.emit(Event.of(EventKind.BUG, "where", "reconciler", "cause", e.toString()));
    }
  }
}
