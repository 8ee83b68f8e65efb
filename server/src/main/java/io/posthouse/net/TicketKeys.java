package io.posthouse.net;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a virtual server's session tickets (RFC 5077, RFC 8446 section 4.6.1): one that new
 * tickets get, and the one before it, whose tickets are accepted and replaced.
 *
 * <p>They belong to the virtual server and survive its certificates, so that clients can resume
 * after a reload. They are kept nowhere else: a restart ends all sessions.
 */
final class TicketKeys {
  /** How long new tickets get the same key. */
  static final Duration USE = Duration.ofHours(12);

  private static final SecureRandom RANDOM = new SecureRandom();

  private OpenSslSessionTicketKey current = fresh();
  private @Nullable OpenSslSessionTicketKey before;
  private @Nullable Instant since;

  /** Makes a new key when the current one was used long enough; tells whether it did. */
  synchronized boolean rotate(Instant now) {
    Instant begin = since;
    if (begin == null) {
      since = now;
      return false;
    }
    if (now.isBefore(begin.plus(USE))) {
      return false;
    }
    before = now.isBefore(begin.plus(USE.multipliedBy(2))) ? current : null;
    current = fresh();
    since = now;
    return true;
  }

  /** The keys, that for new tickets first. */
  synchronized OpenSslSessionTicketKey[] keys() {
    OpenSslSessionTicketKey old = before;
    return old == null
        ? new OpenSslSessionTicketKey[] {current}
        : new OpenSslSessionTicketKey[] {current, old};
  }

  private static OpenSslSessionTicketKey fresh() {
    return new OpenSslSessionTicketKey(
        random(OpenSslSessionTicketKey.NAME_SIZE),
        random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
        random(OpenSslSessionTicketKey.AES_KEY_SIZE));
  }

  private static byte[] random(int octets) {
    byte[] bytes = new byte[octets];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
