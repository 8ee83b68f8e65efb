package io.posthouse.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Does something that blocks for many, some at once, on virtual threads.
 *
 * @param longest for all of them together
 */
record Walkers(int atOnce, Duration longest) {
  /** What comes of each, in their order; those for which there is no time left are late. */
  <T, E> List<E> each(Collection<T> all, Function<T, E> done, Function<T, E> late) {
    List<Callable<E>> tasks = new ArrayList<>();
    all.forEach(each -> tasks.add(() -> done.apply(each)));
    ExecutorService walkers =
        Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().name("path-", 0).factory());
    try {
      Iterator<Future<E>> ends =
          walkers.invokeAll(tasks, longest.toMillis(), TimeUnit.MILLISECONDS).iterator();
      return all.stream()
          .map(each -> ended(ends.next()).orElseGet(() -> late.apply(each)))
          .toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return all.stream().map(late).toList();
    } finally {
      walkers.shutdownNow(); // What hangs is interrupted, and its socket closed.
    }
  }

  private static <E> Optional<E> ended(Future<E> task) {
    return switch (task.state()) {
      case SUCCESS -> Optional.of(task.resultNow());
      case CANCELLED, RUNNING -> Optional.empty();
      case FAILED -> throw new IllegalStateException(task.exceptionNow());
    };
  }
}
