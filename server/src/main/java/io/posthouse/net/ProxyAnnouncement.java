package io.posthouse.net;

import io.posthouse.model.Announce;
import io.posthouse.proxyprotocol.ProxyHeader;
import io.posthouse.proxyprotocol.Tlv;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a member by the PROXY protocol who the client of a connection is. */
public final class ProxyAnnouncement {
  private ProxyAnnouncement() {}

  /**
   * What must stand first on a connection to a member of a pool that announces so; null where it
   * does not announce by the PROXY protocol.
   *
   * @param tls what the client's TLS with us came to; null for plain, or TLS that passes through
   */
  public static @Nullable Preface preface(
      Announce how, ClientIdentity client, @Nullable TlsFacts tls) {
    return switch (how) {
      case PROXY_V1 -> new Preface(header(client, null).v1());
      case PROXY_V2 -> new Preface(header(client, tls).v2());
      case NONE, XCLIENT, HEADER -> null;
    };
  }

  private static ProxyHeader header(ClientIdentity client, @Nullable TlsFacts tls) {
    return new ProxyHeader(
        client.address(),
        client.client().getPort(),
        client.destination().getAddress(),
        client.destination().getPort(),
        tls == null ? List.of() : facts(tls));
  }

  /** A certificate that is not trusted is as good as none, here as in the log. */
  private static List<Tlv> facts(TlsFacts tls) {
    List<Tlv> facts = new ArrayList<>();
    if (!tls.askedFor().isEmpty()) {
      facts.add(Tlv.of(Tlv.AUTHORITY, tls.askedFor()));
    }
    List<Tlv> within = new ArrayList<>();
    within.add(Tlv.of(Tlv.SSL_VERSION, tls.version()));
    within.add(Tlv.of(Tlv.SSL_CIPHER, tls.cipher()));
    if (!tls.commonName().isEmpty()) {
      within.add(Tlv.of(Tlv.SSL_CN, tls.commonName()));
    }
    facts.add(Tlv.ssl(tls.isPeerTrusted(), tls.isPeerTrusted(), within));
    return facts;
  }
}
