package io.posthouse.config;

import io.posthouse.model.Announce;
import io.posthouse.model.Capability;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.model.Spelled;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.model.VirtualServer.WhenDown;
import java.util.List;

/** Refuses modes that are not built yet, and keys that a virtual server's mode cannot honour. */
final class ModeChecks {
  private final Draft draft;
  private final Places places;
  private final Fronts fronts;

  private ModeChecks(Draft draft) {
    this.draft = draft;
    this.places = draft.places();
    this.fronts = new Fronts(draft.configuration());
  }

  static void check(Draft draft) {
    ModeChecks checks = new ModeChecks(draft);
    for (VirtualServer server : draft.configuration().virtualServers().values()) {
      checks.server(server, path(server));
    }
    for (Pool pool : draft.configuration().pools().values()) {
      String path = Places.path("pools", pool.name());
      checks.capabilities(pool, Places.path(path, "capabilities"));
      checks.pool(pool, path);
      checks.announce(pool, Places.path(path, "announce"));
    }
  }

  private void server(VirtualServer server, String path) {
    String mode = Places.path(path, "mode");
    if (!places.trusted(mode) || !places.trusted(path)) {
      return;
    }
    switch (server.mode()) {
      case SMTP -> smtp(server, path);
      case TCP -> tcp(server, path);
      case DSR -> DsrChecks.keys(draft, server, path);
      case NAT ->
          draft.error(
              mode, "mode nat is not in this release; write mode: smtp, mode: tcp or mode: dsr");
    }
    String dsr = Places.path(path, "dsr");
    if (server.mode() != Mode.DSR && places.written(dsr)) {
      draft.errorAtKey(dsr, "is for mode dsr; remove it, or write mode: dsr");
    }
  }

  private void smtp(VirtualServer server, String path) {
    String idle = Places.path(path, "idle-timeout");
    if (places.written(idle)) {
      draft.errorAtKey(
          idle,
          "mode smtp has a time for each phase instead; remove it, or write smtp.command-timeout or"
              + " smtp.data-timeout");
    }
    String whenDown = Places.path(path, "when-down");
    if (places.good(whenDown) && server.whenDown() == WhenDown.RESET) {
      draft.error(
          whenDown, "mode smtp answers its clients, it resets none; write tempfail, 421 or close");
    }
  }

  private void tcp(VirtualServer server, String path) {
    String smtp = Places.path(path, "smtp");
    if (places.written(smtp)) {
      draft.errorAtKey(smtp, "mode tcp does not speak SMTP; remove smtp, or write mode: smtp");
    }
    String edge = Places.path(path, "edge-checks");
    if (places.written(edge)) {
      draft.errorAtKey(
          edge,
          "mode tcp does not speak SMTP, and edge checks answer in its words; remove edge-checks, or"
              + " write mode: smtp");
    }
    String xclient = path + ".believe.xclient";
    if (places.written(xclient)) {
      draft.errorAtKey(xclient, "mode tcp does not speak SMTP; remove it, or write mode: smtp");
    }
    String whenDown = Places.path(path, "when-down");
    if (places.good(whenDown) && server.whenDown() == WhenDown.TEMPFAIL) {
      draft.error(
          whenDown,
          "mode tcp does not speak SMTP and cannot answer 451; write 421, reset or close");
    }
  }

  /** A pool's keys for mode smtp need a virtual server of that mode in front of it. */
  private void pool(Pool pool, String path) {
    if (!servesOtherModesOnly(pool)) {
      return;
    }
    for (String key :
        List.of("capabilities", "retry", "reuse", "auth-over-plain", "inside-senders")) {
      refuse(path, key);
    }
    String members = Places.path(path, "members");
    for (Member member : pool.members().values()) {
      refuse(Places.path(members, member.name()), "reuse");
    }
  }

  /** What only SMTP can tell a member. */
  private void announce(Pool pool, String path) {
    if (!places.good(path)
        || (pool.announce() != Announce.XCLIENT && pool.announce() != Announce.HEADER)) {
      return;
    }
    fronts.of(pool).stream()
        .filter(server -> isNotSmtp(server))
        .findFirst()
        .ifPresent(server ->
            draft.error(
                path,
                "the virtual server "
                    + Words.shorten(server.name())
                    + " does not speak SMTP and can only announce proxy-v1 or proxy-v2; write one of"
                    + " them, or mode: smtp there"));
  }

  private void refuse(String parent, String key) {
    String path = Places.path(parent, key);
    if (places.written(path)) {
      draft.errorAtKey(
          path,
          "is for mode smtp, and no virtual server of this pool has that mode; remove it, or write"
              + " mode: smtp there");
    }
  }

  /** Whether virtual servers use the pool, and not one of them has, or may mean, mode smtp. */
  private boolean servesOtherModesOnly(Pool pool) {
    List<VirtualServer> users =
        draft.configuration().virtualServers().values().stream()
            .filter(server -> fronts.pools(server).contains(pool.name()) || !poolIsKnown(server))
            .toList();
    return !users.isEmpty()
        && users.stream().allMatch(server -> poolIsKnown(server) && isNotSmtp(server));
  }

  private boolean poolIsKnown(VirtualServer server) {
    String classes = Places.path(path(server), "classes");
    return places.good(Places.path(path(server), "pool"))
        && places.trusted(classes)
        && draft.configuration().pools().keySet().containsAll(fronts.pools(server));
  }

  private boolean isNotSmtp(VirtualServer server) {
    return places.good(Places.path(path(server), "mode")) && server.mode() != Mode.SMTP;
  }

  private void capabilities(Pool pool, String path) {
    needs(pool, path, Capability.BINARYMIME, Capability.CHUNKING, "RFC 3030 section 3");
    needs(pool, path, Capability.SMTPUTF8, Capability.EIGHT_BIT_MIME, "RFC 6531 section 3.1");
  }

  private void needs(Pool pool, String path, Capability one, Capability other, String source) {
    List<Capability> offered = pool.capabilities();
    if (places.good(path) && offered.contains(one) && !offered.contains(other)) {
      draft.error(
          path,
          Spelled.of(one)
              + " is not offered without "
              + Spelled.of(other)
              + " ("
              + source
              + "); add it");
    }
  }

  private static String path(VirtualServer server) {
    return Places.path("virtual-servers", server.name());
  }
}
