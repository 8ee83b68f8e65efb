package io.posthouse.probe;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Where others leave work for the owner's thread, some of them waiting until it is done. */
final class Mailbox {
  private final LinkedBlockingQueue<Runnable> letters = new LinkedBlockingQueue<>();
  private final BooleanSupplier ownerLives;

  /**
   * An empty mailbox.
   *
   * @param ownerLives false once nobody reads it any more
   */
  Mailbox(BooleanSupplier ownerLives) {
    this.ownerLives = ownerLives;
  }

  /** Leaves work; never blocks. */
  void post(Runnable work) {
    letters.add(work);
  }

  /** Does the next piece of work, if one comes within this time. */
  void work(long nanos) throws InterruptedException {
    Runnable letter = letters.poll(nanos, TimeUnit.NANOSECONDS);
    if (letter != null) {
      letter.run();
    }
  }

  /** Leaves work and waits for what comes of it. */
  <T> T call(Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    post(() -> {
      try {
        answer.complete(work.get());
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    });
    return await(answer);
  }

  /**
   * Waits for something that only the owner completes.
   *
   * @throws IllegalStateException when the owner has ended or this thread is interrupted
   */
  <T> T await(CompletableFuture<T> answer) {
    while (true) {
      try {
        return answer.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        if (!ownerLives.getAsBoolean() && !answer.isDone()) {
          throw new IllegalStateException("Posthouse is stopping", e);
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for the health owner", e);
      }
    }
  }
}
