package io.posthouse.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;

/** Two ends of TLS in memory, both of Netty. */
final class TlsPair implements AutoCloseable {
  final EmbeddedChannel client;
  final EmbeddedChannel server;
  final SslHandler clientTls;
  final SslHandler serverTls;

  TlsPair(SslHandler client, SslHandler server) {
    this.clientTls = client;
    this.serverTls = server;
    this.server = new EmbeddedChannel(server);
    this.client = new EmbeddedChannel(client);
    pump();
  }

  /** Moves octets both ways until none are left. */
  void pump() {
    boolean moved = true;
    while (moved) {
      moved = move(client, server);
      moved |= move(server, client);
      client.runPendingTasks();
      server.runPendingTasks();
    }
  }

  private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
    boolean moved = false;
    ByteBuf octets;
    while ((octets = from.readOutbound()) != null) {
      moved = true;
      if (to.isActive()) {
        try {
          to.writeInbound(octets);
        } catch (RuntimeException failure) {
          // The handshake's own future tells it.
        }
      } else {
        octets.release();
      }
    }
    return moved;
  }

  boolean done() {
    return clientTls.handshakeFuture().isSuccess() && serverTls.handshakeFuture().isSuccess();
  }

  TlsFacts atServer() {
    return TlsFacts.of(serverTls.engine());
  }

  TlsFacts atClient() {
    return TlsFacts.of(clientTls.engine());
  }

  /** Why the client gave up; empty when it did not. */
  String clientFailure() {
    Throwable cause = clientTls.handshakeFuture().cause();
    return cause == null ? "" : TlsFailure.text(cause);
  }

  String serverFailure() {
    Throwable cause = serverTls.handshakeFuture().cause();
    return cause == null ? "" : TlsFailure.text(cause);
  }

  /** The server says something; with its first octets BoringSSL sends tickets of TLS 1.3. */
  TlsPair greet() {
    server.writeOutbound(server.alloc().buffer().writeBytes(new byte[] {'2', '2', '0'}));
    pump();
    ByteBuf octets;
    while ((octets = client.readInbound()) != null) {
      octets.release();
    }
    return this;
  }

  /** What the server reads of a text that the client wrote. */
  String send(String text) {
    client.writeOutbound(
        client.alloc().buffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII)));
    pump();
    StringBuilder read = new StringBuilder();
    ByteBuf octets;
    while ((octets = server.readInbound()) != null) {
      read.append(octets.toString(StandardCharsets.US_ASCII));
      octets.release();
    }
    return read.toString();
  }

  @Override
  public void close() {
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
  }
}
