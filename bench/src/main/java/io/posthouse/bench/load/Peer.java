package io.posthouse.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One place in a run from which links are opened, one after the other. Its loop's thread only. */
abstract sealed class Peer permits Session, IdleLink, BadPeer {

  final LoadLoop loop;
  @Nullable Wire wire;

  Peer(LoadLoop loop) {
    this.loop = loop;
  }

  /** Opens a link. */
  abstract void start(long now);

  /** The wire can do something that it was asked for. */
  abstract void ready(Wire ready);

  /** Some time has gone by. */
  abstract void tick(long now);

  /** Closes without a word. */
  void drop() {
    Wire open = wire;
    if (open != null) {
      wire = null;
      open.close();
    }
  }

  static Cause causeOf(Stage stage, IOException e) {
    if (e instanceof SSLException) {
      return Cause.TLS;
    }
    if (e instanceof EOFException) {
      return Cause.CLOSED;
    }
    if (e instanceof BindException || e instanceof NoRouteToHostException) {
      return Cause.LOCAL;
    }
    String text = String.valueOf(e.getMessage());
    if (e instanceof ConnectException) {
      return text.contains("timed out")
          ? Cause.TIMEOUT
          : text.contains("refused") ? Cause.REFUSED : Cause.LOCAL;
    }
    if (stage == Stage.CONNECT && !text.contains("reset")) {
      return Cause.LOCAL;
    }
    return Cause.RESET;
  }
}
