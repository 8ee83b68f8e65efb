package io.posthouse.switching;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What goes to one peer: short lines are gathered into one buffer, bodies pass as they are. */
final class Outgoing {
  private static final int GATHERED = 512;

  private final Channel channel;
  private @Nullable ByteBuf gathered;
  private boolean unflushed;
  private long count;

  Outgoing(Channel channel) {
    this.channel = channel;
  }

  /** Octets that were added so far. */
  long count() {
    return count;
  }

  /** Adds text of one char for each octet. */
  void text(String text) {
    buffer().writeCharSequence(text, StandardCharsets.ISO_8859_1);
    count += text.length();
  }

  private ByteBuf buffer() {
    ByteBuf now = gathered;
    if (now == null) {
      now = channel.alloc().buffer(GATHERED);
      gathered = now;
    }
    return now;
  }

  /** Adds octets; takes them over. */
  void octets(ByteBuf octets) {
    writeGathered();
    unflushed = true;
    count += octets.readableBytes();
    channel.write(octets, channel.voidPromise());
  }

  private void writeGathered() {
    ByteBuf now = gathered;
    if (now != null) {
      gathered = null;
      unflushed = true;
      channel.write(now, channel.voidPromise());
    }
  }

  /** Hands everything to the socket, as far as it takes it. */
  void flush() {
    writeGathered();
    if (unflushed) {
      unflushed = false;
      channel.flush();
    }
  }

  /** Whether all that was flushed is with the kernel. */
  boolean isWritten() {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return gathered == null && !unflushed && waiting != null && waiting.isEmpty();
  }

  /** Runs a step when everything so far is with the kernel; never when the channel fails first. */
  void whenWritten(Runnable step) {
    writeGathered();
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> {
          if (written.isSuccess()) {
            step.run();
          }
        });
  }

  /** Throws away what was not written yet. */
  void clear() {
    ByteBuf now = gathered;
    if (now != null) {
      gathered = null;
      now.release();
    }
  }
}
