package io.posthouse.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A slot for good sessions: connect, banner, EHLO, messages, QUIT, and again.
 *
 * <p>The stage says what is awaited. A reply that does not fit it ends the session as failed at
 * that stage; nothing is tried twice, since the point is to count what a client would have noticed.
 */
final class Session extends Peer {

  private static final long REST_AFTER_FAILURE_NANOS = 20_000_000;

  private final Script script;
  private final int slot;
  private final TlsLoad.@Nullable Start tls;
  private final ReplyReader replies = new ReplyReader();
  private final long timeoutNanos;
  private Stage stage = Stage.CONNECT;
  private @Nullable ByteBuffer pending;
  private boolean pipelined;
  private int messagesLeft;
  private long startedAt;
  private long messageStartedAt;
  private long deadline;
  private long notBefore;

  Session(LoadLoop loop, Script script, int slot) {
    super(loop);
    this.script = script;
    this.slot = slot;
    TlsLoad load = loop.plan().tls();
    this.tls = load == null ? null : load.start();
    this.timeoutNanos = loop.plan().timeout().toNanos();
    this.notBefore = loop.now();
  }

  /** Whether the slot may be used again; after a failure it rests, so that nothing spins. */
  boolean isRested(long now) {
    return now - notBefore >= 0;
  }

  @Override
  void start(long now) {
    loop.tally().sessionsStarted++;
    stage = Stage.CONNECT;
    startedAt = now;
    deadline = now + timeoutNanos;
    pending = null;
    pipelined = false;
    messagesLeft = loop.plan().sessions().messagesPerLink();
    replies.reset();
    try {
      wire = Wire.connect(loop.selector(), loop.plan(), this);
    } catch (IOException e) {
      fail(causeOf(stage, e), String.valueOf(e.getMessage()));
    }
  }

  @Override
  void ready(Wire ready) {
    try {
      if (stage == Stage.CONNECT) {
        if (ready.finishConnect()) {
          connected(ready);
        }
        return;
      }
      if (stage == Stage.TLS) {
        secure(ready);
        return;
      }
      if (ready.isReadable()) {
        read(ready);
      }
      if (wire != null && pending != null) {
        flush(ready);
      }
    } catch (IOException e) {
      fail(causeOf(stage, e), String.valueOf(e.getMessage()));
    }
  }

  @Override
  void tick(long now) {
    if (wire != null && now - deadline >= 0) {
      fail(Cause.TIMEOUT, "nothing for " + loop.plan().timeout().toMillis() + " ms");
    }
  }

  private void connected(Wire on) throws IOException {
    if (tls == TlsLoad.Start.IMPLICIT) {
      startTls(on);
    } else {
      await(Stage.BANNER);
    }
  }

  private void startTls(Wire on) throws IOException {
    await(Stage.TLS);
    on.startTls(loop.tls(), slot);
    secure(on);
  }

  private void secure(Wire on) throws IOException {
    if (!on.handshake()) {
      return;
    }
    loop.tally().handshakeDone(on.isResumed());
    replies.reset();
    if (tls == TlsLoad.Start.STARTTLS) {
      send(on, Stage.EHLO, script.ehlo());
    } else {
      await(Stage.BANNER);
      // It may have come with the end of the handshake, and then nothing tells of it.
      read(on);
    }
  }

  private void read(Wire from) throws IOException {
    ByteBuffer in = loop.readBuffer().clear();
    if (from.read(in) < 0) {
      fail(Cause.CLOSED, "closed by the peer");
      return;
    }
    in.flip();
    while (wire != null && in.hasRemaining()) {
      int code = replies.feed(in);
      if (code == ReplyReader.MORE) {
        return;
      }
      if (code == ReplyReader.MALFORMED) {
        fail(Cause.MALFORMED, replies.text());
        return;
      }
      if (stage == Stage.STARTTLS && in.hasRemaining()) {
        fail(Cause.MALFORMED, "octets behind the reply to STARTTLS");
        return;
      }
      reply(from, code);
    }
  }

  private void reply(Wire from, int code) throws IOException {
    boolean fits = stage == Stage.DATA ? code == 354 : code >= 200 && code < 300;
    if (!fits || stage == Stage.BODY) {
      refused(from, replies.text());
      return;
    }
    switch (stage) {
      case BANNER -> send(from, Stage.EHLO, script.ehlo());
      case EHLO -> greeted(from);
      case STARTTLS -> startTls(from);
      case MAIL -> step(from, Stage.RCPT, script.rcpt());
      case RCPT -> step(from, Stage.DATA, script.data());
      case DATA -> send(from, Stage.BODY, script.body());
      case FINAL_REPLY -> {
        loop.tally().messageDone(loop.now() - messageStartedAt, loop.plan().mail().bytes());
        nextMessage(from);
      }
      case QUIT -> succeed();
      case CONNECT, TLS, BODY -> throw new IllegalStateException("no reply is read at " + stage);
    }
  }

  private void greeted(Wire by) throws IOException {
    if (tls == TlsLoad.Start.STARTTLS && !by.isTls()) {
      if (replies.announcedStartTls()) {
        send(by, Stage.STARTTLS, script.startTls());
      } else {
        await(Stage.STARTTLS);
        refused(by, "STARTTLS is not offered");
      }
      return;
    }
    pipelined = loop.plan().mail().pipelining() && replies.announcedPipelining();
    nextMessage(by);
  }

  private void nextMessage(Wire to) throws IOException {
    boolean sentOne = messagesLeft < loop.plan().sessions().messagesPerLink();
    // A run that stops lets each session send at least one, so that no session counts for nothing.
    if (messagesLeft == 0 || (sentOne && loop.isStopping())) {
      send(to, Stage.QUIT, script.quit());
      return;
    }
    messagesLeft--;
    messageStartedAt = loop.now();
    loop.tally().messagesStarted++;
    send(to, Stage.MAIL, pipelined ? script.envelope() : script.mail());
  }

  /** In a pipelined group the next command was sent with the first. */
  private void step(Wire to, Stage next, ByteBuffer command) throws IOException {
    if (pipelined) {
      await(next);
    } else {
      send(to, next, command);
    }
  }

  private void send(Wire to, Stage next, ByteBuffer bytes) throws IOException {
    await(next);
    pending = bytes.rewind();
    flush(to);
  }

  private void flush(Wire to) throws IOException {
    ByteBuffer bytes = pending;
    if (bytes == null) {
      return;
    }
    if (to.write(bytes) > 0) {
      deadline = loop.now() + timeoutNanos;
    }
    if (!bytes.hasRemaining() && to.isFlushed()) {
      pending = null;
      if (stage == Stage.BODY) {
        await(Stage.FINAL_REPLY);
      }
    }
  }

  private void await(Stage next) {
    stage = next;
    deadline = loop.now() + timeoutNanos;
  }

  private void succeed() {
    loop.tally().sessionDone(loop.now() - startedAt);
    notBefore = loop.now();
    end();
  }

  /** Takes leave where the peer would understand it, without waiting for its answer. */
  private void refused(Wire to, String reply) {
    String text = reply;
    if (stage != Stage.BODY && stage != Stage.BANNER && !pipelined) {
      try {
        to.write(script.quit().rewind());
      } catch (IOException e) {
        text += " (and " + e.getMessage() + ")";
      }
    }
    fail(Cause.REPLY, text);
  }

  private void fail(Cause cause, String text) {
    loop.tally().sessionFailed(stage, cause, text);
    notBefore = loop.now() + REST_AFTER_FAILURE_NANOS;
    end();
  }

  private void end() {
    pending = null;
    drop();
    loop.ended(this);
  }
}
