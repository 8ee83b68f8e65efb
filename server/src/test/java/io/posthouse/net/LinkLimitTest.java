package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LinkLimitTest {

  @Test
  void theLastLinkOfTheLimitIsTakenAndSaysThatItIs() {
    LinkLimit limit = new LinkLimit(2);
    assertThat(limit.opened()).isTrue();
    assertThat(limit.opened()).isFalse();
    assertThat(limit.open()).isEqualTo(2);
  }

  @Test
  void wakesOnceForEachTimeItWasExhausted() {
    LinkLimit limit = new LinkLimit(1);
    AtomicInteger woken = new AtomicInteger();
    limit.whenFree(woken::incrementAndGet);
    limit.opened();
    assertThat(woken).hasValue(0);
    limit.closed();
    assertThat(woken).hasValue(1);
    limit.opened();
    limit.closed();
    assertThat(woken).hasValue(2);
  }

  @Test
  void aHigherLimitWakesAtOnce() {
    LinkLimit limit = new LinkLimit(1);
    AtomicInteger woken = new AtomicInteger();
    limit.whenFree(woken::incrementAndGet);
    limit.opened();
    limit.limit(5);
    assertThat(woken).hasValue(1);
    assertThat(limit.opened()).isTrue();
  }

  @Test
  void aLowerLimitWaitsUntilEnoughHaveEnded() {
    LinkLimit limit = new LinkLimit(4);
    limit.opened();
    limit.opened();
    limit.opened();
    limit.limit(2);
    assertThat(limit.opened()).isFalse();
    AtomicInteger woken = new AtomicInteger();
    limit.whenFree(woken::incrementAndGet);
    limit.closed();
    limit.closed();
    assertThat(woken).hasValue(0);
    limit.closed();
    assertThat(woken).hasValue(1);
  }

  @Test
  void whoForgetsIsNotWoken() {
    LinkLimit limit = new LinkLimit(1);
    AtomicInteger woken = new AtomicInteger();
    Runnable resume = woken::incrementAndGet;
    limit.whenFree(resume);
    limit.forget(resume);
    limit.opened();
    limit.closed();
    assertThat(woken).hasValue(0);
  }

  @Test
  void zeroIsNoWayToStopEverything() {
    assertThat(new LinkLimit(0).limit()).isEqualTo(1);
  }

  /** A listener that stopped is always woken: no one of them sleeps when every link has ended. */
  @RepeatedTest(5)
  void noListenerSleepsForEver() throws InterruptedException {
    LinkLimit limit = new LinkLimit(3);
    int listeners = 4;
    List<java.util.concurrent.Semaphore> awake = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < listeners; i++) {
      var mayAccept = new java.util.concurrent.Semaphore(0);
      awake.add(mayAccept);
      limit.whenFree(mayAccept::release);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int link = 0; link < 2_000; link++) {
                  boolean more = limit.opened();
                  if (!more) {
                    Thread.ofVirtual().start(limit::closed);
                    mayAccept.acquireUninterruptibly();
                    mayAccept.drainPermits();
                  } else {
                    limit.closed();
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(java.time.Duration.ofSeconds(20))).as("somebody sleeps").isTrue();
    }
  }
}
