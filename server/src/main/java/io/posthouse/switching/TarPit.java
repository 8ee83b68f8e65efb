package io.posthouse.switching;

import io.posthouse.edge.EdgePolicy;
import io.posthouse.edge.EdgeState;
import io.posthouse.model.EdgeChecks.Tarpit;
import io.posthouse.net.Loop;
import io.posthouse.net.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Serves a suspicious client slowly: each of its commands waits in the buffer it came in, and
 * nothing more is read. Bodies flow as ever, once there is one: members wait for them.
 */
final class TarPit {
  private final SmtpLink link;
  private final Loop loop;
  private final EdgeState state;
  private final long delayMillis;
  private long paid = -1;
  private boolean waiting;
  private final Timeout delay =
      new Timeout() {
        @Override
        protected void expired(long tick) {
          link.guard(TarPit.this::over);
        }
      };

  private TarPit(SmtpLink link, Loop loop, EdgeState state, long delayMillis) {
    this.link = link;
    this.loop = loop;
    this.state = state;
    this.delayMillis = delayMillis;
  }

  /** Takes a link in; null when there are as many in it as there may be. */
  static @Nullable TarPit enter(SmtpLink link, Loop loop, EdgePolicy policy) {
    Tarpit settings = policy.settings().tarpit();
    return policy.state().enterTarpit(settings.links())
        ? new TarPit(link, loop, policy.state(), settings.delay().toMillis())
        : null;
  }

  /**
   * Whether the command that has come must wait.
   *
   * @param commands how many came before it
   */
  boolean holds(long commands) {
    if (!waiting && paid != commands) {
      waiting = true;
      loop.arm(delay, delayMillis);
    }
    return waiting;
  }

  boolean isWaiting() {
    return waiting;
  }

  private void over() {
    waiting = false;
    paid = link.commands();
    link.begin();
    link.end();
  }

  /** The link is over. */
  void leave() {
    loop.disarm(delay);
    state.leaveTarpit();
  }
}
