package io.posthouse.relay;

import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.Route;
import io.posthouse.balance.Choice;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the log says of a link in mode tcp. */
final class RelayLog {
  private RelayLog() {}

  /** The line for the end of a link. */
  static Event event(RelayLink link, LinkEnd how) {
    Choice<MemberConnections> made = link.choice();
    Route route = link.entrance().route();
    Event event =
        Event.of(
            how.isRefusal() ? EventKind.LINK_REFUSED : EventKind.LINK_CLOSED,
            "virtual-server",
            link.serverName(),
            "client",
            text(link.entrance().client().client()),
            "class",
            route == null ? "-" : route.settings().name(),
            "member",
            made == null ? "-" : made.name(),
            "why",
            made == null ? "-" : made.why().name().toLowerCase(Locale.ROOT),
            "end",
            how.phrase(),
            "in",
            link.octetsIn(),
            "out",
            link.octetsOut(),
            "ms",
            link.openMillis());
    if (link.entrance().client().announced()) {
      event = event.with("peer", text(link.entrance().peer().client()));
    }
    @Nullable String detail = link.detail();
    if (detail != null) {
      event = event.with("detail", detail);
    }
    return link.tls().on(event);
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ' ' + address.getPort();
  }
}
