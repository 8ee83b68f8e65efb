package io.posthouse.smtp.session;

/**
 * What a client and TLS have to do with each other.
 *
 * @param tls when TLS begins
 * @param auth who is offered AUTH
 */
public record Security(Tls tls, Auth auth) {
  /** Neither TLS nor AUTH. */
  public static final Security NONE = new Security(Tls.NONE, Auth.OFF);

  /** When TLS begins. */
  public enum Tls {
    /** Never. */
    NONE,
    /** With STARTTLS (RFC 3207), if the client likes. */
    OPTIONAL,
    /** With STARTTLS, and before anything of a message. */
    REQUIRED,
    /** With the first octet (RFC 8314 section 3). */
    IMPLICIT
  }

  /** Who is offered AUTH (RFC 4954), where the members have it. */
  public enum Auth {
    /** Nobody. */
    OFF,
    /** Clients that use TLS. */
    OVER_TLS,
    /** All. */
    ALWAYS
  }

  boolean offersTls() {
    return tls == Tls.OPTIONAL || tls == Tls.REQUIRED;
  }

  boolean offersAuth(boolean secured) {
    return auth == Auth.ALWAYS || (auth == Auth.OVER_TLS && secured);
  }
}
