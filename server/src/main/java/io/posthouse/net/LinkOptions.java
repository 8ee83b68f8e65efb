package io.posthouse.net;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannel;

/** How a link's channels are set up, before they join their loop. */
public final class LinkOptions {
  /** How much may wait to be written before the other side is held, and from where it may go on. */
  public static final WriteBufferWaterMark WATERMARK =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /**
   * How much is read at once: 16 KiB, so that a short message goes through in one piece, and up to
   * 64 KiB where a stream fills that. The buffer is only held while its octets wait to be written.
   */
  public static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(16 * 1024, 16 * 1024, 64 * 1024);

  private LinkOptions() {}

  /** Sets a client's channel up. Once it has been read, how much is read at once stays. */
  public static void set(EpollSocketChannel client) {
    client
        .config()
        .setAutoRead(false)
        .setAllowHalfClosure(true)
        .setRecvByteBufAllocator(READS)
        .setWriteBufferWaterMark(WATERMARK);
  }
}
