package io.posthouse.config;

import io.posthouse.model.IpAddress;
import io.posthouse.model.Member;
import io.posthouse.model.MemberTls;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.model.Pool;
import io.posthouse.model.Spelled;
import io.posthouse.model.VirtualServer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that the keys of TLS with members fit each other, the members and who uses the pool. */
final class MemberTlsChecks {
  private static final int SHA_256 = 32;

  private final Draft draft;
  private final Places places;
  private final Pool pool;
  private final MemberTls tls;
  private final String path;

  private MemberTlsChecks(Draft draft, Pool pool) {
    this.draft = draft;
    this.places = draft.places();
    this.pool = pool;
    this.tls = pool.tls();
    this.path = Places.path("pools", pool.name());
  }

  static void check(Draft draft) {
    for (Pool pool : draft.configuration().pools().values()) {
      new MemberTlsChecks(draft, pool).check();
    }
  }

  private void check() {
    name(key("tls.name"), tls.name());
    pins();
    for (Member member : pool.members().values()) {
      name(memberKey(member, "tls-name"), member.tlsName());
    }
    boolean known = places.trusted(path) && places.trusted(key("tls"));
    if (known && places.trusted(key("tls.mode")) && places.trusted(key("tls.implicit"))) {
      mode();
    }
  }

  private void mode() {
    if (tls.mode() == Mode.OFF) {
      idle(List.of("name", "ca", "pinned-keys", "min-version", "implicit"));
      pool.members().values().forEach(this::idleName);
      return;
    }
    if (tls.mode() != Mode.VERIFIED) {
      idleUnlessVerified("ca");
      idleUnlessVerified("pinned-keys");
    } else if (tls.pinnedKeys().isEmpty() && places.trusted(key("tls.name"))) {
      pool.members().values().forEach(this::unnamed);
    }
    if (tls.mode() == Mode.OPTIONAL && tls.implicit()) {
      draft.error(
          key("tls.implicit"),
          "optional means STARTTLS where a member offers it, and implicit: true has no offer; write"
              + " mode: required, or remove implicit");
    } else if (!tls.implicit()) {
      new Fronts(draft.configuration())
          .of(pool).stream().filter(this::isTcpInFront).findFirst().ifPresent(this::noStartTls);
    }
    if (pool.authOverPlain() && tls.mode() != Mode.OPTIONAL) {
      draft.warningAtKey(
          key("auth-over-plain"),
          "does nothing where tls is "
              + Spelled.of(tls.mode())
              + ": no member is spoken to in plain");
    }
  }

  private void noStartTls(VirtualServer server) {
    draft.errorAtKey(
        key("tls"),
        "the virtual server "
            + Words.shorten(server.name())
            + " has mode tcp, which does not speak STARTTLS; write implicit: true and the members'"
            + " port for it, or remove tls");
  }

  private boolean isTcpInFront(VirtualServer server) {
    String front = Places.path("virtual-servers", server.name());
    return places.good(Places.path(front, "mode"))
        && places.good(Places.path(front, "pool"))
        && server.mode() == VirtualServer.Mode.TCP;
  }

  private void idle(List<String> names) {
    for (String name : names) {
      String key = key("tls." + name);
      if (places.written(key)) {
        draft.warningAtKey(
            key,
            "does nothing while the mode of tls is off; write mode: optional, required or verified");
      }
    }
  }

  private void idleName(Member member) {
    String key = memberKey(member, "tls-name");
    if (places.written(key)) {
      draft.warningAtKey(key, "does nothing while the pool has no tls; add it, or remove this");
    }
  }

  private void idleUnlessVerified(String name) {
    String key = key("tls." + name);
    if (places.written(key)) {
      draft.warningAtKey(
          key,
          "does nothing where tls is "
              + Spelled.of(tls.mode())
              + ": any certificate is taken; write mode: verified");
    }
  }

  private void unnamed(Member member) {
    String address = memberKey(member, "address");
    if (places.good(address)
        && places.trusted(memberKey(member, "tls-name"))
        && member.tlsName(tls) == null) {
      draft.warning(
          address,
          "only a certificate that holds the address "
              + member.address().host()
              + " will do; add tls-name, tls.name or pinned-keys");
    }
  }

  private void name(String key, @Nullable String name) {
    if (name != null && places.good(key) && !isName(name)) {
      draft.error(
          key,
          Words.quote(name) + " is no host name; write one such as mail.contoso.com, without port");
    }
  }

  /** A certificate may also be for an address (RFC 5280 section 4.2.1.6). */
  private static boolean isName(String name) {
    return IpAddress.isIpv4(name) || IpAddress.isIpv6(name) || MailSyntax.isHost(name);
  }

  private void pins() {
    for (int i = 0; i < tls.pinnedKeys().size(); i++) {
      String item = places.item(key("tls.pinned-keys"), i);
      if (places.good(item) && !isPin(tls.pinnedKeys().get(i))) {
        draft.error(
            item,
            Words.quote(tls.pinnedKeys().get(i))
                + " is not 32 octets in base64; write the SHA-256 of the member's public key so, 44"
                + " characters");
      }
    }
  }

  /** Pins are compared as text, so only the one form of each will do. */
  private static boolean isPin(String text) {
    try {
      byte[] hash = Base64.getDecoder().decode(text);
      return hash.length == SHA_256 && Base64.getEncoder().encodeToString(hash).equals(text);
    } catch (IllegalArgumentException noBase64) {
      return false;
    }
  }

  private String memberKey(Member member, String name) {
    return Places.path(Places.path(key("members"), member.name()), name);
  }

  /** The path of one of the pool's own keys; a dot goes a level deeper. */
  private String key(String name) {
    return path + "." + name;
  }
}
