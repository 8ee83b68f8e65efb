package io.posthouse.admin;

import io.posthouse.model.IpAddress;
import io.posthouse.store.Token;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says who is let in.
 *
 * <p>The listener is on a loopback address, so the peers are programs of this machine. One of them
 * may be a browser that a foreign page drives: such a page is kept out by its Host (a foreign name
 * that was made to resolve to loopback, "DNS rebinding") or by its Origin. There is no CORS.
 */
final class Guard {
  private static final String BEARER = "bearer ";
  private final Token token;

  Guard(Token token) {
    this.token = token;
  }

  /** Why no page of a foreign site may ask this; empty when all is well. */
  Optional<Answer> foreign(Request request) {
    String host = request.host();
    if (host == null || !isLoopback(host)) {
      return Optional.of(
          Answer.error(
              421,
              "the Host header is not a loopback address; ask for http://127.0.0.1 or http://localhost"));
    }
    String origin = request.origin();
    boolean foreignOrigin = origin != null && !origin.equalsIgnoreCase("http://" + host);
    String site = request.fetchSite();
    boolean foreignSite = site != null && !site.equals("same-origin") && !site.equals("none");
    if (foreignOrigin || foreignSite) {
      return Optional.of(Answer.error(403, "requests of pages of other sites are refused"));
    }
    return Optional.empty();
  }

  /** Why the request is not an administrator's (RFC 6750 section 3); empty when it is. */
  Optional<Answer> stranger(Request request) {
    String given = request.authorization();
    if (given == null) {
      return Optional.of(
          unauthorized(
              "a token is needed: send the header Authorization: Bearer, then the text of admin.token in the state directory",
              "Bearer realm=\"posthouse\""));
    }
    boolean bearer = given.toLowerCase(Locale.ROOT).startsWith(BEARER);
    if (!bearer || !token.matches(given.substring(BEARER.length()).strip())) {
      return Optional.of(
          unauthorized(
              "the token is not this Posthouse's; it is in admin.token in the state directory",
              "Bearer realm=\"posthouse\", error=\"invalid_token\""));
    }
    return Optional.empty();
  }

  private static Answer unauthorized(String message, String challenge) {
    return Answer.error(401, message).with("WWW-Authenticate", challenge);
  }

  /** Whether a Host header, with or without port, names this machine's loopback. */
  static boolean isLoopback(@Nullable String hostHeader) {
    if (hostHeader == null) {
      return false;
    }
    String host = hostHeader.replaceFirst(":[0-9]{0,5}$", "");
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      return false;
    }
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    return IpAddress.parse(host).map(java.net.InetAddress::isLoopbackAddress).orElse(false);
  }
}
