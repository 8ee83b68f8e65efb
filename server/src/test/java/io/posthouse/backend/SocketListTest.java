package io.posthouse.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which lines of the kernel's list are a source and its member. */
class SocketListTest {
  private static final InetAddress SOURCE = InetAddress.ofLiteral("10.77.0.2");
  private static final InetSocketAddress MEMBER =
      new InetSocketAddress(InetAddress.ofLiteral("10.77.0.21"), 25);

  @BeforeAll
  static void theSamplesAreOfALittleEndianMachine() {
    assertThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
  }

  @ParameterizedTest
  @CsvSource({
    "01, 0, 1", // established
    "06, 0, 1", // TIME_WAIT holds a port,
    "06, 2, 1", // also where those of the loopback interface are given again,
    "06, 1, 0" // but not where all are.
  })
  void countsAPort(String state, int reuse, int counted) {
    assertThat(count("  12: 02004D0A:8001 15004D0A:0019 " + state + " 00000000:0", reuse))
        .isEqualTo(counted);
  }

  @Test
  void knowsIpv4InTheFormOfIpv6() {
    String line =
        "   3: 0000000000000000FFFF000002004D0A:8001 0000000000000000FFFF000015004D0A:0019 01 0";

    assertThat(count(line, 2)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'  12: 03004D0A:8001 15004D0A:0019 01 0'", // another source
    "'  12: 02004D0A:8001 16004D0A:0019 01 0'", // another member
    "'  12: 02004D0A:8001 15004D0A:024B 01 0'", // another port of it
    "'  12: 02004D0A:0019 15004D0A:8001 01 0'", // its client
    "'  12: 02004D0A:8001 15004D0A:0019'",
    "'  12: 02004D0A'",
    "''",
    "nonsense"
  })
  void passesOverAnythingElse(String line) {
    assertThat(count(line, 0)).isZero();
  }

  @Test
  void findsIpv6() {
    InetAddress source = InetAddress.ofLiteral("fd77::2");
    InetSocketAddress member = new InetSocketAddress(InetAddress.ofLiteral("fd77::21"), 25);
    SocketList list = new SocketList(new PortSettings(100, 0));
    list.want(source, member);

    // Words of four octets, each turned round.
    list.line(
        "   0: 000077FD000000000000000002000000:8001 000077FD000000000000000021000000:0019 01 0");

    assertThat(list.count(source, member)).isEqualTo(1);
  }

  @Test
  void readsTheListOfThisMachine() throws IOException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    try (ServerSocket server = new ServerSocket(0, 5, loopback);
        Socket first = new Socket(loopback, server.getLocalPort());
        Socket second = new Socket(loopback, server.getLocalPort())) {
      InetSocketAddress to = new InetSocketAddress(loopback, server.getLocalPort());
      SocketList list = new SocketList(new PortSettings(100, 0));
      list.want(loopback, to);

      list.read();

      assertThat(first.isConnected() && second.isConnected()).isTrue();
      assertThat(list.count(loopback, to)).isEqualTo(2);
    }
  }

  private static int count(String line, int reuse) {
    SocketList list = new SocketList(new PortSettings(100, reuse));
    list.want(SOURCE, MEMBER);
    list.line(line);
    return list.count(SOURCE, MEMBER);
  }
}
