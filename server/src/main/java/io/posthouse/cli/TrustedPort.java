package io.posthouse.cli;

import io.posthouse.cli.ApiClient.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sees to it that the token goes to nobody but the user it belongs to: while Posthouse is down, any
 * user of the machine may listen on its port and wait for an administrator's command.
 *
 * <p>Only loopback is looked at; nothing on this machine tells who listens on another one.
 */
final class TrustedPort {
  private final Path net;

  /**
   * By the machine's tables.
   *
   * @param net where they are, /proc/net
   */
  TrustedPort(Path net) {
    this.net = net;
  }

  /**
   * Looks who listens where a connection has just been made.
   *
   * @throws CommandFailure when it is neither the token's owner nor root, or cannot be told
   */
  void check(Access access, InetSocketAddress peer) throws CommandFailure {
    if (!peer.getAddress().isLoopbackAddress()) {
      return;
    }
    PortOwners owners = new PortOwners(peer.getAddress(), peer.getPort(), ByteOrder.nativeOrder());
    read("tcp", owners);
    read("tcp6", owners);
    if (owners.found().isEmpty()) {
      throw CommandFailure.failed(
          "something answers at http://%s, but %s/tcp does not tell whose it is, so the token was not sent; run the command where Posthouse runs, not in another container"
              .formatted(access.address(), net));
    }
    Optional<Integer> stranger = owners.stranger(access.owner());
    if (stranger.isPresent()) {
      throw CommandFailure.failed(
          "http://%s is held by user %s, not by user %s who owns the token file, so the token was not sent; see who it is with: ss -ltnp 'sport = :%d'"
              .formatted(
                  access.address(),
                  Integer.toUnsignedString(stranger.get()),
                  Integer.toUnsignedString(access.owner()),
                  peer.getPort()));
    }
  }

  private void read(String table, PortOwners owners) {
    try (Stream<String> lines = Files.lines(net.resolve(table), StandardCharsets.ISO_8859_1)) {
      owners.read(lines);
    } catch (IOException | UncheckedIOException absent) {
      // A machine without IPv6 has no tcp6; without either nothing is found, and that is told.
    }
  }
}
