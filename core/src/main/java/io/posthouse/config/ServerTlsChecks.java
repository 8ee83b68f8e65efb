package io.posthouse.config;

import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.MemberTls;
import io.posthouse.model.Pool;
import io.posthouse.model.ServerTls;
import io.posthouse.model.ServerTls.ClientCertificate;
import io.posthouse.model.ServerTls.StartTls;
import io.posthouse.model.SmtpSettings;
import io.posthouse.model.Spelled;
import io.posthouse.model.TlsVersion;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Checks that the keys of TLS with clients, and of AUTH, fit each other and the ports. */
final class ServerTlsChecks {
  private final Draft draft;
  private final Places places;
  private final VirtualServer server;
  private final String path;

  private ServerTlsChecks(Draft draft, VirtualServer server) {
    this.draft = draft;
    this.places = draft.places();
    this.server = server;
    this.path = Places.path("virtual-servers", server.name());
  }

  static void check(Draft draft) {
    for (VirtualServer server : draft.configuration().virtualServers().values()) {
      ServerTlsChecks checks = new ServerTlsChecks(draft, server);
      boolean passesOn = server.mode() == Mode.DSR; // DsrChecks refuses all of it.
      if (!passesOn && checks.trusted("mode", "tls", "tls.starttls", "tls.implicit")) {
        checks.check();
      }
    }
  }

  private void check() {
    ServerTls tls = server.tls();
    if (tls != null) {
      begin(tls);
      clientCertificates(tls);
      versions(tls);
      files(tls);
    }
    if (server.mode() == Mode.SMTP) {
      auth(tls);
    }
  }

  /** How TLS begins. */
  private void begin(ServerTls tls) {
    StartTls starttls = tls.startTlsInEffect();
    if (tls.implicit() && starttls != StartTls.OFF) {
      draft.error(
          key("tls.starttls"),
          "implicit: true begins TLS with the first octet, so STARTTLS can never come; remove"
              + " starttls, or remove implicit");
    } else if (server.mode() == Mode.TCP && !tls.implicit()) {
      draft.errorAtKey(
          key("tls"),
          "mode tcp passes TLS through; write implicit: true to end it here, or remove tls");
    } else if (tls.implicit()) {
      ports(
          port -> port == 25 || port == 587,
          "clients of this port begin in plain; remove implicit, or listen on port 465");
    } else if (starttls != StartTls.OFF) {
      ports(
          port -> port == 465,
          "clients of port 465 begin with TLS (RFC 8314); write implicit: true in a virtual server of"
              + " its own");
    }
    if (starttls == StartTls.REQUIRED && server.mode() == Mode.SMTP && isPublicMx()) {
      draft.warning(
          key("tls.starttls"),
          "a mail exchanger for everybody must not require TLS (RFC 3207 section 4): servers without"
              + " it cannot give their mail; write optional");
    }
  }

  private void ports(IntPredicate odd, String message) {
    for (int i = 0; i < server.listen().size(); i++) {
      String item = places.item(key("listen"), i);
      if (places.good(item) && odd.test(server.listen().get(i).port())) {
        draft.warning(item, message);
      }
    }
  }

  private boolean isPublicMx() {
    return trusted("listen")
        && server.listen().stream().anyMatch(each -> each.port() == 25 && isPublic(each));
  }

  /** Whether others may reach it; every address of the machine counts as such. */
  private static boolean isPublic(Endpoint listen) {
    InetAddress address = IpAddress.parse(listen.host()).orElse(null);
    if (address == null) {
      return listen.host().equals("*");
    }
    // RFC 4193: fc00::/7.
    boolean local = address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
    return !local
        && !address.isLoopbackAddress()
        && !address.isSiteLocalAddress()
        && !address.isLinkLocalAddress();
  }

  private void clientCertificates(ServerTls tls) {
    if (!trusted("tls.client-certificate")) {
      return;
    }
    boolean asked = tls.clientCertificate() != ClientCertificate.NONE;
    boolean issuers = places.written(key("tls.client-ca"));
    if (asked && !issuers) {
      draft.error(
          key("tls.client-certificate"),
          Spelled.of(tls.clientCertificate())
              + " needs client-ca, the issuers that are believed; add it");
    } else if (issuers && !asked) {
      draft.errorAtKey(
          key("tls.client-ca"),
          "clients are not asked for a certificate; write client-certificate: ask or require, or"
              + " remove it");
    }
  }

  private void versions(ServerTls tls) {
    if (!trusted("tls.min-version", "tls.max-version")) {
      return;
    }
    if (tls.minVersion().compareTo(tls.maxVersion()) > 0) {
      String at = places.written(key("tls.max-version")) ? "tls.max-version" : "tls.min-version";
      draft.error(
          key(at),
          "max-version "
              + Spelled.of(tls.maxVersion())
              + " is older than min-version "
              + Spelled.of(tls.minVersion())
              + "; write them the other way round");
    } else if (tls.minVersion() == TlsVersion.TLS_1_3 && !tls.ciphers().isEmpty()) {
      draft.warningAtKey(
          key("tls.ciphers"),
          "are those of TLS 1.2, which min-version: 1.3 leaves out; remove them");
    }
  }

  private void files(ServerTls tls) {
    Map<String, String> seen = new HashMap<>();
    seen.put(tls.certificate(), key("tls.certificate"));
    List<ServerTls.Further> further = tls.certificates();
    for (int i = 0; i < further.size(); i++) {
      String item = places.item(key("tls.certificates"), i) + ".certificate";
      String earlier = seen.putIfAbsent(further.get(i).certificate(), item);
      if (earlier != null && places.good(item) && places.good(earlier)) {
        draft.error(
            item,
            "is given already in line " + places.value(earlier).line() + "; remove one of them");
      }
    }
  }

  private void auth(@Nullable ServerTls tls) {
    if (!places.good(key("smtp.auth"))) {
      return;
    }
    boolean everInTls = tls != null && (tls.implicit() || tls.startTlsInEffect() != StartTls.OFF);
    boolean onlyInTls =
        tls != null && (tls.implicit() || tls.startTlsInEffect() == StartTls.REQUIRED);
    SmtpSettings.Auth auth = server.smtp().auth();
    if (auth == SmtpSettings.Auth.OVER_TLS && !everInTls) {
      draft.warning(
          key("smtp.auth"),
          "no client can use TLS here, so AUTH is never offered; add tls, or remove this");
    } else if (auth != SmtpSettings.Auth.OFF && isPoolInPlain()) {
      draft.warning(
          key("smtp.auth"),
          "the pool "
              + Words.shorten(server.pool())
              + " speaks to its members in plain, so AUTH is never offered; write tls there, or"
              + " auth-over-plain: true");
    } else if (auth == SmtpSettings.Auth.ALWAYS && !onlyInTls) {
      draft.warning(
          key("smtp.auth"),
          "passwords may cross the network in plain; write over-tls where clients can do TLS");
    }
  }

  private boolean isPoolInPlain() {
    Pool pool = draft.configuration().pools().get(server.pool());
    String its = Places.path("pools", server.pool());
    return pool != null
        && trusted("pool")
        && places.trusted(its + ".tls.mode")
        && places.trusted(its + ".tls")
        && pool.tls().mode() == MemberTls.Mode.OFF
        && !pool.authOverPlain();
  }

  private boolean trusted(String... names) {
    for (String name : names) {
      if (!places.trusted(key(name))) {
        return false;
      }
    }
    return places.trusted(path);
  }

  /** The path of one of the virtual server's own keys; a dot goes a level deeper. */
  private String key(String name) {
    return path + "." + name;
  }
}
