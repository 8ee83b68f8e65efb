package io.posthouse.net;

import io.posthouse.model.Endpoint;
import java.io.IOException;
import java.util.Locale;

/** An address cannot be listened on; the message names the cause and the remedy. */
public final class ListenException extends Exception {
  private static final long serialVersionUID = 1;

  private ListenException(String message, Throwable cause) {
    super(message, cause);
  }

  static ListenException of(Endpoint address, IOException cause) {
    String said = String.valueOf(cause.getMessage());
    String text = said.toLowerCase(Locale.ROOT);
    String why;
    if (text.contains("in use")) {
      why = "another program listens there; 'ss -ltnp sport = :" + address.port() + "' shows which";
    } else if (text.contains("permission denied")) {
      why =
          "ports below 1024 need a right: start as root, or give the service"
              + " AmbientCapabilities=CAP_NET_BIND_SERVICE, or set sysctl"
              + " net.ipv4.ip_unprivileged_port_start="
              + address.port();
    } else if (text.contains("assign requested address")) {
      why = "no interface of this machine has that address; 'ip address' lists those there are";
    } else if (text.contains("too many open files")) {
      why = "too few file descriptors; raise 'ulimit -n', or LimitNOFILE in the service";
    } else {
      why = said;
    }
    return new ListenException("cannot listen on " + address + ": " + why, cause);
  }
}
