package io.posthouse.switching;

import io.posthouse.edge.Answer;
import io.posthouse.edge.Inquiry;
import io.posthouse.edge.Lookup;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One inquiry into a client, carried to DNS: its open questions, and for how long they are waited
 * for. What DNS does not answer in time is good, but an answer that comes while something else is
 * waited for still counts.
 */
final class EdgeInquiry {
  private final Edge with;
  private final Loop loop;
  private final Inquiry about;
  private final Executor guard;
  private final Runnable then;
  private final Map<Lookup, Consumer<Answer>> questions = new HashMap<>();
  private @Nullable Timeout patience;
  private boolean stopped;

  /**
   * An inquiry that has not begun.
   *
   * @param guard runs at once whatever comes back to its link
   * @param then runs after each answer that had to be waited for, and when the time is over
   */
  EdgeInquiry(Edge with, Loop loop, Inquiry about, Executor guard, Runnable then) {
    this.with = with;
    this.loop = loop;
    this.about = about;
    this.guard = guard;
    this.then = then;
  }

  /** Asks what is to be asked first. */
  void begin() {
    ask(about.first(loop.nanos()));
    if (!about.isDone()) {
      patience = Timeout.then(() -> guard.execute(this::impatient));
      loop.arm(patience, with.policy().settings().timeout().toMillis());
    }
  }

  private void impatient() {
    patience = null;
    then.run();
  }

  /** What was to be found out. */
  Inquiry about() {
    return about;
  }

  /** Whether answers are still worth waiting for. */
  boolean isAwaited() {
    return patience != null && !about.isDone();
  }

  private void ask(List<Lookup> all) {
    for (Lookup each : all) {
      Consumer<Answer> taker = answer -> guard.execute(() -> answered(each, answer));
      questions.put(each, taker);
      with.dns().ask(loop, each, taker);
    }
  }

  private void answered(Lookup asked, Answer answer) {
    if (stopped) {
      return; // Too late.
    }
    questions.remove(asked);
    ask(about.answered(asked, answer, loop.nanos()));
    then.run();
  }

  /** Takes back what is still asked. */
  void stop() {
    stopped = true;
    Timeout armed = patience;
    if (armed != null) {
      patience = null;
      loop.disarm(armed);
    }
    questions.forEach((lookup, taker) -> with.dns().forget(loop, lookup, taker));
    questions.clear();
  }
}
