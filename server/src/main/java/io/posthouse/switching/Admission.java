package io.posthouse.switching;

import io.posthouse.backend.Route;
import io.posthouse.backend.Routes;
import io.posthouse.backend.RuleRoutes;
import io.posthouse.model.ClientClass.Demand;
import io.posthouse.net.ClientIdentity;
import io.posthouse.persist.ClientKey;
import io.posthouse.policy.ClassBounds.Answer;
import io.posthouse.policy.RelayVerdict;
import io.posthouse.smtp.Path;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who a link's client is, and the class that it was let in as: asked when the link begins, when a
 * believed peer says that the client is another, and again at each message after a reload.
 */
final class Admission {
  /** For a virtual server that has as many links as it may have. */
  static final Reply TOO_MANY_LINKS = Reply.of(421, "4.3.2 Too many connections, try again later");

  /** For a recipient that the client's class may not send to (RFC 3463, X.7.1). */
  static final Reply RELAY_DENIED = Reply.of(550, "5.7.1 Relaying denied");

  /** RFC 5321 section 3.1: no service for this client; it closes, and does not come back soon. */
  private static final Reply NO_CLASS = Reply.of(554, "5.7.1 No SMTP service for your address");

  private static final Reply NO_CLASS_NOW =
      Reply.of(421, "4.7.1 No service for your address any more");
  private static final Reply CLASS_FULL =
      Reply.of(421, "4.7.0 Too many connections, try again later");
  private static final Reply CLIENT_FULL =
      Reply.of(421, "4.7.0 Too many connections from your address, try again later");
  private static final Reply CLASS_BUSY = Reply.of(451, "4.7.1 Too many messages, try again later");
  private static final Reply CLIENT_BUSY =
      Reply.of(451, "4.7.1 Too many messages from your address, try again later");
  private static final Reply NEEDS_TLS = Reply.of(530, "5.7.0 Must issue a STARTTLS command first");
  private static final Reply NEEDS_AUTH = Reply.of(530, "5.7.0 Authentication required");

  private ClientIdentity identity;
  private ClientKey key;
  private @Nullable Routes routes;

  /** The route of the class of its address. */
  private @Nullable Route base;

  /** The same, or what rules have chosen in its place. */
  private @Nullable Route route;

  private String className = "-";

  Admission(ClientIdentity identity) {
    this.identity = identity;
    this.key = key(identity);
  }

  private static ClientKey key(ClientIdentity of) {
    return ClientKey.of(of.address(), 32, 64);
  }

  /** Who the client is. */
  ClientIdentity identity() {
    return identity;
  }

  InetAddress address() {
    return identity.address();
  }

  /** The route of its class, which it has. */
  Route route() {
    Route by = route;
    if (by == null) {
      throw new IllegalStateException("a client of no class was let in");
    }
    return by;
  }

  /** The route of the class of its address, which it has. */
  Route base() {
    Route by = base;
    if (by == null) {
      throw new IllegalStateException("a client of no class was let in");
    }
    return by;
  }

  /** The rules for it; null for none. */
  @Nullable RuleRoutes rules() {
    Routes by = routes;
    return by == null ? null : by.rules();
  }

  /** Whether it was let in, and has not left. */
  boolean isIn() {
    return route != null;
  }

  /** The name of its class, or of the one that it had at the end; a dash when it had none. */
  String className() {
    return className;
  }

  /** Lets the client in when its link begins; else the reply that ends it. */
  @Nullable Reply enter(Routes by) {
    routes = by;
    base = by.of(address());
    Route found = base;
    return found == null ? NO_CLASS : enter(found);
  }

  /** Has it take another route; the reply that ends the link, if that has no room for it. */
  @Nullable Reply move(Route to) {
    if (to.bounds() == route().bounds()) {
      route = to;
      className = to.settings().name();
      return null;
    }
    leave();
    return enter(to);
  }

  private @Nullable Reply enter(Route found) {
    Answer answer = found.bounds().open(key);
    if (answer != Answer.ADMITTED) {
      found.counts().refusedLink();
      return answer == Answer.CLASS_FULL ? CLASS_FULL : CLIENT_FULL;
    }
    found.counts().opened();
    route = found;
    className = found.settings().name();
    return null;
  }

  /** A believed peer says that the client is another; the reply that ends the link, if any. */
  @Nullable Reply change(ClientIdentity other) {
    leave();
    className = "-";
    identity = other;
    key = key(other);
    Routes by = routes;
    return by == null ? NO_CLASS : enter(by);
  }

  /** Follows a reload: the reply that ends the link, if the client is let in no more. */
  @Nullable Reply renew(Routes by) {
    if (by == routes) {
      return null;
    }
    routes = by;
    Route found = by.of(address());
    Route of = base;
    Route before = route;
    base = found;
    if (found == null) {
      return NO_CLASS_NOW;
    } else if (of != null && before != null && found.bounds() == of.bounds()) {
      route = before.bounds() == of.bounds() ? found : before; // Rules will say so again, or not.
      return null;
    }
    leave();
    return enter(found);
  }

  /**
   * Whether the client may begin a message: the reply that refuses it, or null.
   *
   * @param secured whether it uses TLS
   * @param loggedIn whether it has logged in
   * @param nanos monotonic time
   */
  @Nullable Reply message(boolean secured, boolean loggedIn, long nanos) {
    Route by = route();
    Reply refusal = refusal(by, secured, loggedIn, nanos);
    if (refusal == null) {
      by.counts().message();
    } else {
      by.counts().refusedMessage();
    }
    return refusal;
  }

  private @Nullable Reply refusal(Route by, boolean secured, boolean loggedIn, long nanos) {
    if (by.settings().tls() == Demand.REQUIRED && !secured) {
      return NEEDS_TLS;
    } else if (by.settings().auth() == Demand.REQUIRED && !loggedIn) {
      return NEEDS_AUTH;
    }
    return switch (by.bounds().message(key, nanos)) {
      case ADMITTED -> null;
      case CLASS_FULL -> CLASS_BUSY;
      case CLIENT_FULL -> CLIENT_BUSY;
    };
  }

  /** Why the client may not send to a recipient; null when it may. */
  @Nullable RelayVerdict relay(Path recipient, boolean loggedIn) {
    Route by = route();
    RelayVerdict verdict = by.relay().judge(recipient, loggedIn);
    if (verdict.answer() != RelayVerdict.Answer.REFUSED) {
      return null;
    }
    by.counts().refusedRecipient();
    return verdict;
  }

  /** The link is over. */
  void leave() {
    Route by = route;
    if (by != null) {
      route = null;
      by.bounds().close(key);
      by.counts().closed();
    }
  }
}
