package io.posthouse.bench.load;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** What the links of one loop share of TLS: sessions to resume, buffers. Its loop's thread only. */
final class TlsClient {

  /**
   * One suite for each version and kind of key, so that every server does the same work; those of
   * 1.3 and with ECDSA are what each server must have or is compared by.
   */
  private static final String[] SUITES = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
  };

  /**
   * In 1.3 the one that is used: a second share would be made for nothing. In 1.2 the curve of the
   * certificate must be among them (RFC 8422 section 5.1.1).
   */
  private static final Map<TlsLoad.Version, String[]> GROUPS =
      Map.of(
          TlsLoad.Version.V1_3, new String[] {"x25519"},
          TlsLoad.Version.V1_2, new String[] {"x25519", "secp256r1"});

  private static final int ANY_PORT = 25;

  private final SSLContext context;
  private final TlsLoad load;
  private final AnyCertificate witness = new AnyCertificate();
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private final ByteBuffer scratch = ByteBuffer.allocate(32 * 1024);

  TlsClient(TlsLoad load) {
    this.load = load;
    this.context = witness.context();
    if (load.sessions() == TlsLoad.Sessions.FULL) {
      // Nothing is taken out again.
      context.getClientSessionContext().setSessionCacheSize(1);
    }
  }

  /**
   * TLS on a connected socket, nothing sent yet.
   *
   * @param slot whose session may be resumed. Java keeps one session for each peer name, and uses a
   *     ticket of TLS 1.3 once: links at the same time must not share a name.
   */
  TlsLayer open(SocketChannel channel, int slot) throws SSLException {
    SSLEngine engine = engine(slot);
    engine.beginHandshake();
    return new TlsLayer(this, engine, channel);
  }

  private SSLEngine engine(int slot) {
    // No dot in the name: such a name is never sent to the server.
    SSLEngine engine =
        load.sessions() == TlsLoad.Sessions.FULL
            ? context.createSSLEngine()
            : context.createSSLEngine("slot-" + slot, ANY_PORT);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {load.version().protocol()});
    parameters.setCipherSuites(SUITES);
    parameters.setNamedGroups(GROUPS.get(load.version()));
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** The first half of what a client says first. */
  byte[] halfHello() throws SSLException {
    ByteBuffer hello = scratch.clear();
    engine(0).wrap(ByteBuffer.allocate(0), hello);
    byte[] half = new byte[hello.position() / 2];
    hello.flip().get(half);
    return half;
  }

  /** For octets that nobody waits for. */
  ByteBuffer scratch() {
    return scratch.clear();
  }

  /** An empty buffer that holds two records. */
  ByteBuffer take(int recordSize) {
    ByteBuffer buffer = free.poll();
    return buffer == null ? ByteBuffer.allocate(2 * recordSize) : buffer.clear();
  }

  void giveBack(ByteBuffer buffer) {
    free.push(buffer);
  }

  /** How many servers have shown a certificate so far; where a session is resumed, none does. */
  long certificatesSeen() {
    return witness.seen();
  }
}
