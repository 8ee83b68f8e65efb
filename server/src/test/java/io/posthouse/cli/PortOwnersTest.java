package io.posthouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortOwnersTest {
  private static final String TCP =
      """
        sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         0: 0100007F:1F59 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 21434 1 0000000000000000 100 0 0 10 0
         1: 00000000:1F5A 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 21435 1 0000000000000000 100 0 0 10 0
         2: 0100007F:1F5B 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1002        0 21436 1 0000000000000000 20 4 30 10 -1
         3: 0200007F:1F5C 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1003        0 21437 1 0000000000000000 100 0 0 10 0
      """;
  private static final String TCP6 =
      """
        sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         0: 0000000000000000FFFF00000100007F:1F5D 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 31434 1 0000000000000000 100 0 0 10 0
         1: 00000000000000000000000001000000:1F5E 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1004        0 31435 1 0000000000000000 100 0 0 10 0
         2: 00000000000000000000000000000000:1F5F 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 4294967294        0 31436 1 0000000000000000 100 0 0 10 0
      """;

  private static PortOwners owners(String host, int port) {
    PortOwners owners = new PortOwners(InetAddress.ofLiteral(host), port, ByteOrder.LITTLE_ENDIAN);
    owners.read(TCP.lines());
    owners.read(TCP6.lines());
    return owners;
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 8025, 998",
    "127.0.0.1, 8026, 1001",
    "127.0.0.2, 8028, 1003",
    "127.0.0.1, 8029, 998",
    "::1, 8030, 1004",
    "::1, 8031, -2",
    "127.0.0.1, 8031, -2"
  })
  void findsWhoListensThere(String host, int port, int uid) {
    assertThat(owners(host, port).found()).containsExactly(uid);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 8024",
    "::1, 8025",
    "::1, 8026",
    "127.0.0.1, 8027",
    "127.0.0.1, 8028",
    "127.0.0.1, 8030"
  })
  void otherAddressesFamiliesAndConnectionsDoNotCount(String host, int port) {
    assertThat(owners(host, port).found()).isEmpty();
  }

  @Test
  void onlyTheOwnerAndRootAreNoStrangers() {
    assertThat(owners("127.0.0.1", 8025).stranger(998)).isEmpty();
    assertThat(owners("127.0.0.1", 8025).stranger(1000)).contains(998);
    PortOwners root = new PortOwners(InetAddress.ofLiteral("127.0.0.1"), 25, ByteOrder.BIG_ENDIAN);
    root.read(
        "0: 7F000001:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1".lines());
    assertThat(root.found()).containsExactly(0);
    assertThat(root.stranger(998)).isEmpty();
  }

  @Test
  void otherTextTellsNothing() {
    PortOwners owners =
        new PortOwners(InetAddress.ofLiteral("127.0.0.1"), 8025, ByteOrder.LITTLE_ENDIAN);
    owners.read(
        """

        0: 0100007F 0:0 0A a b c d 998
        0: 01007F:1F59 0:0 0A a b c 998 0
        0: 0100007F:xyz 0:0 0A a b c 998 0
        0: 0100007F:1F59 0:0 0A a b c nobody 0
        """
            .lines());
    assertThat(owners.found()).isEmpty();
  }
}
