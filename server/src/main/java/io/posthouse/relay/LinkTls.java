package io.posthouse.relay;

import io.posthouse.door.Event;
import io.posthouse.net.TlsFacts;
import org.jspecify.annotations.Nullable;

/** What the TLS handshakes of a link came to, for the log; all is null in plain. */
final class LinkTls {
  private @Nullable TlsFacts client;
  private @Nullable TlsFacts member;

  void client(TlsFacts facts) {
    client = facts;
  }

  void member(TlsFacts facts) {
    member = facts;
  }

  /** What the client's handshake came to, once it is done. */
  @Nullable TlsFacts client() {
    return client;
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
    TlsFacts towardsMember = member;
    return towardsMember == null ? more : more.with("member-tls", towardsMember.version());
  }
}
