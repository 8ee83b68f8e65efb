package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.app.Signals.Wish;
import org.junit.jupiter.api.Test;

class SignalsTest {

  /** A SIGHUP that comes while the process still starts waits, instead of ending it. */
  @Test
  void anEarlyHangupIsAReloadLater() throws Exception {
    Signals signals = new Signals();
    String self = String.valueOf(ProcessHandle.current().pid());
    assertThat(new ProcessBuilder("kill", "-HUP", self).start().waitFor()).isZero();
    assertThat(signals.next(10_000)).isEqualTo(Wish.RELOAD);
    assertThat(signals.next(1)).isNull();
  }
}
