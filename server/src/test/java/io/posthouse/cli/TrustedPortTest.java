package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.model.Endpoint;
import io.posthouse.store.TokenFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedPortTest {
  private static final int OWNER = 998;
  @TempDir Path net;

  @Test
  void sendsNothingToAStranger() throws Exception {
    assertThat(heard(1001)).isEmpty();
  }

  @Test
  void sendsNothingWhereNobodyTellsWhoListens() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertThatThrownBy(() -> ask(server))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("does not tell whose it is")
          .hasMessageContaining("the token was not sent");
    }
  }

  @Test
  void looksIntoTheMachinesOwnTables() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      PortOwners owners =
          new PortOwners(
              InetAddress.ofLiteral("127.0.0.1"), server.getLocalPort(), ByteOrder.nativeOrder());
      for (String table : new String[] {"tcp", "tcp6"}) {
        Path file = Path.of("/proc/net", table);
        if (Files.exists(file)) {
          owners.read(Files.readAllLines(file).stream());
        }
      }
      Integer self = (Integer) Files.getAttribute(net, "unix:uid");
      assertThat(owners.found()).containsExactly(self);
    }
  }

  private String heard(int uid) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String address = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "0100007F" : "7F000001";
      Files.writeString(
          net.resolve("tcp"),
          "0: %s:%04X 00000000:0000 0A 0:0 0:0 0 %d 0 1\n"
              .formatted(address, server.getLocalPort(), uid));
      assertThatThrownBy(() -> ask(server))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("is held by user 1001, not by user 998")
          .hasMessageContaining("the token was not sent");
      try (Socket peer = server.accept()) {
        return new String(peer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      }
    }
  }

  private void ask(ServerSocket server) throws Exception {
    ApiClient.Access access =
        new ApiClient.Access(
            new Endpoint("127.0.0.1", server.getLocalPort()),
            TokenFile.open(net.resolve("state")),
            OWNER);
    new ApiClient(access, new TrustedPort(net)).ask("GET", "/", Duration.ofSeconds(5));
  }
}
