package io.posthouse.persist;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientKeyTest {

  @Test
  void equalPrefixesAndOnlyTheyMakeEqualKeys() throws UnknownHostException {
    Random random = new Random(4711);
    for (int length : new int[] {4, 16}) {
      for (int bits = 0; bits <= length * 8; bits++) {
        for (int round = 0; round < 20; round++) {
          byte[] one = new byte[length];
          random.nextBytes(one);
          byte[] other = one.clone();
          if (bits < length * 8) {
            flip(other, bits + random.nextInt(length * 8 - bits));
          }
          assertThat(key(one, bits)).isEqualTo(key(other, bits));
          assertThat(key(one, bits).hash()).isEqualTo(key(other, bits).hash());
          if (bits > 0) {
            flip(other, random.nextInt(bits));
            assertThat(key(one, bits)).isNotEqualTo(key(other, bits));
          }
        }
      }
    }
  }

  @Test
  void theFamiliesAreKeptApart() throws UnknownHostException {
    assertThat(ClientKey.of(InetAddress.getByName("0.0.0.1"), 32, 128))
        .isNotEqualTo(ClientKey.of(InetAddress.getByName("::1"), 32, 128));
  }

  @Test
  void ipv4InIpv6ClothesIsIpv4() throws UnknownHostException {
    assertThat(ClientKey.of(InetAddress.getByName("::ffff:192.0.2.1"), 32, 64))
        .isEqualTo(ClientKey.of(InetAddress.getByName("192.0.2.1"), 32, 64));
  }

  @Test
  void neighboursHaveDifferentHashes() throws UnknownHostException {
    Set<Long> hashes = new HashSet<>();
    for (int i = 0; i < 65_536; i++) {
      byte[] octets = {10, 20, (byte) (i >> 8), (byte) i};
      hashes.add(key(octets, 32).hash());
    }
    assertThat(hashes).hasSize(65_536);
  }

  private static ClientKey key(byte[] octets, int bits) throws UnknownHostException {
    return ClientKey.of(InetAddress.getByAddress(octets), bits, bits);
  }

  private static void flip(byte[] octets, int bit) {
    octets[bit / 8] ^= (byte) (0x80 >> (bit % 8));
  }
}
