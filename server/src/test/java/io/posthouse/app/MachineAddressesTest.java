package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What this machine says of its addresses. */
class MachineAddressesTest {
  private final MachineAddresses machine = new MachineAddresses();

  @Test
  void ownsTheAddressesOfItsInterfaces() throws SocketException {
    List<InetAddress> own =
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();

    assertThat(own).isNotEmpty().allMatch(machine::owns);
  }

  @Test
  void ownsWhatALocalRouteCovers() {
    // 127/8 stands on the loopback interface by its first address alone.
    assertThat(machine.owns(InetAddress.ofLiteral("127.45.6.7"))).isTrue();
  }

  @Test
  void ownsNoAddressForDocumentation() {
    assertThat(machine.owns(InetAddress.ofLiteral("192.0.2.77"))).isFalse();
    assertThat(machine.owns(InetAddress.ofLiteral("2001:db8::77"))).isFalse();
  }

  @Test
  void saysWhereAnAddressIs() {
    assertThat(machine.where(InetAddress.ofLiteral("127.0.0.1")).phrase()).isEqualTo("on lo");
    assertThat(machine.where(InetAddress.ofLiteral("127.45.6.7")).phrase()).isEqualTo("here");
    assertThat(machine.where(InetAddress.ofLiteral("192.0.2.77")).phrase()).isEqualTo("not here");
  }

  @Test
  void namesNoInterfaceForWhatIsReachedByTheLoopback() {
    assertThat(machine.interfaceTowards(InetAddress.ofLiteral("127.0.0.1"))).isEmpty();
  }

  @Test
  void namesTheInterfaceInTheSameNet() {
    assertThat(machine.interfaceBeside(InetAddress.ofLiteral("127.9.9.9"))).contains("lo");
  }
}
