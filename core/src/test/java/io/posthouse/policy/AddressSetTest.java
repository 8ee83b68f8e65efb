package io.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSetTest {
  private static AddressSet set(String... texts) {
    return AddressSet.of(Arrays.stream(texts).map(text -> new Entry(text, "here")).toList());
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  @Test
  void itsRangesAreInOrderAndDoNotMeet() {
    AddressSet both =
        set("10.0.1.0/24", "10.0.0.0/16", "192.0.2.7", "200.0.0.0/8", "fd77::/64", "fd77::7");
    assertThat(both.ranges(false))
        .containsExactly(
            "10.0.0.0-10.0.255.255", "192.0.2.7-192.0.2.7", "200.0.0.0-200.255.255.255");
    assertThat(both.ranges(true)).containsExactly("fd77::-fd77::ffff:ffff:ffff:ffff");
    assertThat(set().ranges(false)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.20.0.0/16, 10.20.0.0, true",
    "10.20.0.0/16, 10.20.255.255, true",
    "10.20.0.0/16, 10.19.255.255, false",
    "10.20.0.0/16, 10.21.0.0, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::1, false",
    "128.0.0.0/1, 200.0.0.1, true",
    "128.0.0.0/1, 127.255.255.255, false",
    "255.255.255.255, 255.255.255.255, true",
    "2001:db8:20::/48, 2001:db8:20:ffff:ffff:ffff:ffff:ffff, true",
    "2001:db8:20::/48, 2001:db8:21::, false",
    "2001:db8::1, 2001:db8::1, true",
    "2001:db8::1, 2001:db8::2, false",
    "8000::/1, ffff::1, true",
    "8000::/1, 7fff::1, false",
    "::/0, ffff::1, true",
    "::/0, 10.0.0.1, false",
    "::ffff:10.20.0.0/112, 10.20.1.1, true",
    "::ffff:10.20.0.0/112, 10.21.1.1, false",
    "10.20.0.0/16, ::ffff:10.20.1.1, true",
  })
  void anEntryHoldsItsAddressesAndNoOthers(String entry, String address, boolean held) {
    assertThat(set(entry).contains(address(address))).isEqualTo(held);
    assertThat(set(entry).entry(address(address)) != null).isEqualTo(held);
  }

  @Test
  void ipv4InIpv6ClothesIsIpv4() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    mapped[12] = 10;
    mapped[15] = 1;
    InetAddress dressed = Inet6Address.getByAddress(null, mapped, -1);

    assertThat(dressed).isInstanceOf(Inet6Address.class);
    assertThat(set("10.0.0.0/8").contains(dressed)).isTrue();
    assertThat(set("::/0").contains(dressed)).isFalse();
  }

  @Test
  void theNarrowestEntryIsNamed() {
    AddressSet set = set("10.0.0.0/8", "10.20.0.0/16", "10.20.1.1", "10.20.0.0/15");

    assertThat(set.entry(address("10.20.1.1"))).isEqualTo(new Entry("10.20.1.1", "here"));
    assertThat(set.entry(address("10.20.1.2"))).isEqualTo(new Entry("10.20.0.0/16", "here"));
    assertThat(set.entry(address("10.21.1.2"))).isEqualTo(new Entry("10.20.0.0/15", "here"));
    assertThat(set.entry(address("10.99.1.2"))).isEqualTo(new Entry("10.0.0.0/8", "here"));
    assertThat(set.entry(address("11.99.1.2"))).isNull();
    assertThat(set.size()).isEqualTo(4);
  }

  @Test
  void anEmptySetHoldsNobody() {
    assertThat(set().contains(address("10.0.0.1"))).isFalse();
    assertThat(set().contains(address("::1"))).isFalse();
  }

  /** Few bits differ, so that many prefixes meet, nest and repeat. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithALookAtEachEntry(long seed) throws Exception {
    Random random = new Random(seed);
    List<Prefix> all = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      InetAddress address = any(random);
      Prefix any = new Prefix(address, random.nextInt(address.getAddress().length * 8 + 1));
      all.add(Prefix.parse(any.network()).orElseThrow());
      entries.add(new Entry(any.network(), "entry " + i));
    }
    // The shortest would hold nearly everybody.
    all.removeIf(prefix -> prefix.bits() < 8);
    entries.removeIf(entry -> Prefix.parse(entry.text()).orElseThrow().bits() < 8);
    AddressSet set = AddressSet.of(List.copyOf(entries));
    int held = 0;
    for (int i = 0; i < 300; i++) {
      InetAddress address = any(random);
      List<Prefix> holding = all.stream().filter(prefix -> prefix.contains(address)).toList();
      assertThat(set.contains(address)).as("%s", address).isEqualTo(!holding.isEmpty());
      Entry entry = set.entry(address);
      if (entry != null) {
        held++;
        int narrowest = holding.stream().mapToInt(Prefix::bits).max().orElseThrow();
        assertThat(Prefix.parse(Objects.requireNonNull(entry).text()).orElseThrow().bits())
            .isEqualTo(narrowest);
      }
    }
    assertThat(held).isBetween(10, 295);
  }

  private static InetAddress any(Random random) throws Exception {
    byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(4) * 85 : 0);
    }
    return InetAddress.getByAddress(octets);
  }
}
