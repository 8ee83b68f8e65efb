package io.posthouse.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class SourceAddressesTest {

  @Test
  void takesTheAddressesOfAPrefixInTurn() {
    SourceAddresses sources = SourceAddresses.parse("127.0.7.9/30");

    assertThat(sources.size()).isEqualTo(2);
    assertThat(sources.next()).isEqualTo(at("127.0.7.9"));
    assertThat(sources.next()).isEqualTo(at("127.0.7.10"));
    assertThat(sources.next()).isEqualTo(at("127.0.7.9"));
  }

  @Test
  void takesAListOfBothFamilies() {
    SourceAddresses sources = SourceAddresses.parse("127.0.0.3, ::1");

    assertThat(sources.next()).isEqualTo(at("127.0.0.3"));
    assertThat(sources.next()).isEqualTo(at("::1"));
  }

  @Test
  void boundsALargePrefix() {
    assertThat(SourceAddresses.parse("127.0.0.0/8").size()).isEqualTo(4096);
  }

  @Test
  void leavesItToTheKernelWhenNothingIsSaid() {
    assertThat(SourceAddresses.ANY.next()).isNull();
  }

  @Test
  void refusesWhatIsNoAddress() {
    for (String text : new String[] {"", "host", "127.0.0.1/x", "127.0.0.1/31", "::1/64"}) {
      assertThatThrownBy(() -> SourceAddresses.parse(text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static InetSocketAddress at(String address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), 0);
  }
}
