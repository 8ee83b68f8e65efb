package io.posthouse.config;

import io.posthouse.model.Spelled;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.model.VirtualServer.WhenDown;

/** Refuses modes that are not built yet, and keys that a virtual server's mode cannot honour. */
final class ModeChecks {
  private ModeChecks() {}

  static void check(Draft draft) {
    for (VirtualServer server : draft.configuration().virtualServers().values()) {
      check(draft, server, Places.path("virtual-servers", server.name()));
    }
  }

  private static void check(Draft draft, VirtualServer server, String path) {
    Places places = draft.places();
    String mode = Places.path(path, "mode");
    if (!places.trusted(mode) || !places.trusted(path)) {
      return;
    }
    if (server.mode() != Mode.TCP && server.mode() != Mode.SMTP) {
      String word = Spelled.of(server.mode());
      if (places.written(mode)) {
        draft.error(mode, "mode " + word + " is not in this release; write mode: tcp");
      } else {
        draft.errorAtKey(
            path,
            "without a mode it is " + word + ", which is not in this release; write mode: tcp");
      }
      return;
    }
    String whenDown = Places.path(path, "when-down");
    if (server.mode() == Mode.TCP
        && places.good(whenDown)
        && server.whenDown() == WhenDown.TEMPFAIL) {
      draft.error(
          whenDown,
          "mode tcp does not speak SMTP and cannot answer 451; write 421, reset or close");
    }
  }
}
