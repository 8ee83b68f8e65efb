package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many that block, within a time. */
@Timeout(30)
class WalkersTest {
  private static final List<Integer> MANY = IntStream.range(0, 20).boxed().toList();

  @Test
  void eachIsDoneOnceAndSomeAtOnce() {
    CountDownLatch four = new CountDownLatch(4);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();

    List<Integer> done =
        new Walkers(4, Duration.ofSeconds(20))
            .each(
                MANY,
                each -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  four.countDown();
                  waitFor(four);
                  now.decrementAndGet();
                  return each * 2;
                },
                each -> -1);

    assertThat(done).isEqualTo(MANY.stream().map(each -> each * 2).toList());
    assertThat(most).hasValue(4);
  }

  @Test
  void whatHangsIsLateAndInterruptedAndLeavesTheOthersWhatTheyCameTo() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger interrupted = new AtomicInteger();

    List<String> done =
        new Walkers(2, Duration.ofSeconds(2))
            .each(
                MANY,
                each -> {
                  if (each == 0) {
                    return "done";
                  }
                  begun.incrementAndGet();
                  interrupted.addAndGet(waitFor(never) ? 0 : 1);
                  return "done";
                },
                each -> "late " + each);

    assertThat(done).hasSize(20).startsWith("done", "late 1", "late 2").endsWith("late 19");
    assertThat(begun).hasValueGreaterThanOrEqualTo(2);
    await().untilAsserted(() -> assertThat(interrupted).hasValue(begun.get()));
  }

  @Test
  void ourBugIsTold() {
    assertThatThrownBy(() ->
            new Walkers(2, Duration.ofSeconds(20))
                .each(
                    MANY,
                    each -> {
                      throw new IllegalArgumentException("a bug");
                    },
                    each -> -1))
        .hasRootCauseMessage("a bug");
  }

  private static boolean waitFor(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
