package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.posthouse.net.ReadGate.Reason;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadGateTest {
  private final Reads reads = new Reads();
  private final EmbeddedChannel channel = new EmbeddedChannel(reads);
  private final ReadGate gate = new ReadGate(channel);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void readsOnlyWhenNobodyHoldsIt() {
    for (Set<Reason> holders : subsets()) {
      holders.forEach(gate::hold);
      int before = reads.count;
      gate.read();
      assertThat(reads.count - before)
          .as("held by " + holders)
          .isEqualTo(holders.isEmpty() ? 1 : 0);
      assertThat(gate.isHeld()).isEqualTo(!holders.isEmpty());
      for (Reason each : Reason.values()) {
        gate.release(each);
      }
    }
  }

  @Test
  void onlyTheLastReleaseReads() {
    gate.hold(Reason.PEER_FULL);
    gate.hold(Reason.BACKEND);
    int before = reads.count;
    gate.release(Reason.BACKEND);
    assertThat(reads.count).isEqualTo(before);
    gate.release(Reason.PEER_FULL);
    assertThat(reads.count).isEqualTo(before + 1);
  }

  @Test
  void holdingTwiceForOneReasonIsHoldingOnce() {
    gate.hold(Reason.PEER_FULL);
    gate.hold(Reason.PEER_FULL);
    gate.release(Reason.PEER_FULL);
    assertThat(gate.isHeld()).isFalse();
  }

  @Test
  void releasingWhatWasNotHeldReadsNothing() {
    int before = reads.count;
    gate.release(Reason.BACKEND);
    gate.hold(Reason.PEER_FULL);
    gate.release(Reason.BACKEND);
    assertThat(reads.count).isEqualTo(before);
    assertThat(gate.isHeld()).isTrue();
  }

  private static Set<Set<Reason>> subsets() {
    return Set.of(
        EnumSet.noneOf(Reason.class),
        EnumSet.of(Reason.PEER_FULL),
        EnumSet.of(Reason.BACKEND),
        EnumSet.allOf(Reason.class));
  }

  /** Counts reads that reach the transport. */
  private static final class Reads extends ChannelOutboundHandlerAdapter {
    int count;

    @Override
    public void read(ChannelHandlerContext ctx) {
      count++;
      ctx.read();
    }
  }
}
