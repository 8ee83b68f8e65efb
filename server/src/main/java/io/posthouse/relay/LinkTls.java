package io.posthouse.relay;

import io.posthouse.door.Event;
import io.posthouse.net.TlsFacts;
import org.jspecify.annotations.Nullable;

/** What the TLS handshakes of a link came to, for the log; all is null in plain. */
final class LinkTls {
  private @Nullable TlsFacts client;
  private @Nullable TlsFacts member;
  private @Nullable String failure;

  void client(TlsFacts facts) {
    client = facts;
  }

  void member(TlsFacts facts) {
    member = facts;
  }

  /** Why there is none with the client, where there should be. */
  void failure(String reason) {
    failure = reason;
  }

  /** Whether the client's handshake is done. */
  boolean hasClient() {
    return client != null;
  }

  /** The same line with what there is to say of TLS. */
  Event on(Event line) {
    Event more = line;
    TlsFacts towardsClient = client;
    if (towardsClient != null) {
      more = more.with("tls", towardsClient.version()).with("cipher", towardsClient.cipher());
      if (!towardsClient.peer().isEmpty()) {
        more = more.with("client-certificate", towardsClient.peer());
      }
    }
    String reason = failure;
    if (reason != null) {
      more = more.with("detail", reason);
    }
    TlsFacts towardsMember = member;
    return towardsMember == null ? more : more.with("member-tls", towardsMember.version());
  }
}
