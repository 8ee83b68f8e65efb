package io.posthouse.app;

import io.posthouse.backend.SourcePorts;
import io.posthouse.kernel.KernelException;
import io.posthouse.kernel.TransparentRouting;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.net.TransparentRight;
import io.posthouse.policy.Source;
import org.jspecify.annotations.Nullable;

/**
 * What source addresses need of the kernel: ports, which are watched, and for clients' own
 * addresses rules, which are there as long as a class needs them, and its last connection.
 *
 * <p>For the reconciler's thread, but for {@link #close}.
 */
final class SourceDesk implements AutoCloseable {
  private final TransparentRouting routing;
  private final SourcePorts ports;
  private boolean wanted;
  private boolean swept;

  SourceDesk(TransparentRouting routing, SourcePorts ports) {
    this.routing = routing;
    this.ports = ports;
  }

  /** Has the rules there if a configuration needs them; when that fails nothing has changed. */
  void prepare(Configuration next) throws KernelException {
    if (!isNeeded(next)) {
      return;
    }
    if (!TransparentRight.isGiven()) {
      throw KernelException.noRight();
    }
    routing.install();
  }

  /** Goes by the configuration that is in effect; null for none. */
  void settle(@Nullable Configuration running) {
    ports.configure();
    wanted = running != null && isNeeded(running);
    if (!wanted && !swept) {
      routing.removeLeftovers();
    }
    swept = true;
    removeIfDone();
  }

  /** Looks at ports and rules, every few seconds: what somebody has removed is made again. */
  void look() {
    ports.look();
    routing.look();
    removeIfDone();
  }

  /** Removes the rules; no connection is left. */
  @Override
  public void close() {
    if (routing.installed()) {
      routing.remove();
    }
  }

  private void removeIfDone() {
    if (!wanted && routing.installed() && ports.transparentOpen() == 0) {
      routing.remove();
    }
  }

  /** Whether a virtual server has a class whose members see the client's own address. */
  private static boolean isNeeded(Configuration configuration) {
    return configuration.virtualServers().values().stream()
        .flatMap(server -> configuration.classesOf(server).stream())
        .map(name -> configuration.clientClasses().get(name))
        .anyMatch(each -> each != null && isTransparent(each, configuration));
  }

  private static boolean isTransparent(ClientClass each, Configuration configuration) {
    return Source.of(each.snat(), configuration.snatPools()) instanceof Source.Transparent;
  }
}
