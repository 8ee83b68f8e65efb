package io.posthouse.policy;

import io.posthouse.model.IpAddress;
import io.posthouse.persist.ClientKey;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An address and how many of its leading bits count: {@code 10.20.0.0/16}, {@code 2001:db8::/48},
 * or a whole address. IPv4 in IPv6 clothes ({@code ::ffff:10.20.0.0/112}) is IPv4.
 */
public record Prefix(InetAddress address, int bits) {
  /** How many bits of {@code ::ffff:10.20.0.0} stand before the IPv4 address. */
  private static final int MAPPED = 96;

  /** Reads the form of the file; empty when the text is neither, or has a zone. */
  public static Optional<Prefix> parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    int bits = slash < 0 ? -1 : number(text, slash + 1);
    if ((slash >= 0 && bits < 0) || host.indexOf('%') >= 0) {
      return Optional.empty();
    }
    return IpAddress.parse(host).flatMap(address -> of(address, host, bits));
  }

  private static Optional<Prefix> of(InetAddress address, String host, int bits) {
    int most = width(address);
    boolean mapped = address instanceof Inet4Address && host.indexOf(':') >= 0;
    int own = bits < 0 ? most : mapped ? bits - MAPPED : bits;
    return own < 0 || own > most ? Optional.empty() : Optional.of(new Prefix(address, own));
  }

  /** Up to three digits; -1 for anything else, a leading zero included. */
  private static int number(String text, int from) {
    int digits = text.length() - from;
    if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(from) == '0')) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      number = number * 10 + digit - '0';
    }
    return number;
  }

  /** How many bits its address has. */
  private static int width(InetAddress address) {
    return address instanceof Inet4Address ? 32 : 128;
  }

  /** The first address in it. */
  ClientKey first() {
    return ClientKey.of(address, bits, bits);
  }

  /** The last address in it. */
  ClientKey last() {
    ClientKey first = first();
    return first.ipv6()
        ? new ClientKey(first.high() | behind(bits), first.low() | behind(bits - 64), true)
        : new ClientKey(0, first.low() | (behind(32 + bits) & 0xFFFF_FFFFL), false);
  }

  /** A mask of all but the first {@code bits} of 64 bits. */
  private static long behind(int bits) {
    if (bits <= 0) {
      return -1L;
    }
    return bits >= 64 ? 0 : -1L >>> bits;
  }

  /** Whether the address has no bits behind those that count. */
  public boolean isNetwork() {
    return first().equals(whole(address));
  }

  /** The form of the file, without the bits that do not count. */
  public String network() {
    String first = print(first());
    return bits == width(address) ? first : first + "/" + bits;
  }

  /** Whether it holds so much of the Internet that it is no list of known clients. */
  boolean isWide() {
    return address instanceof Inet4Address ? bits < 8 : bits < 16 && !isPrivate6();
  }

  /** Whether all of it lies in fc00::/7. */
  private boolean isPrivate6() {
    return bits >= 7 && first().high() >>> 57 == 0xFC >> 1;
  }

  /** Whether an address of the same family lies in it. */
  public boolean contains(InetAddress other) {
    return width(address) == width(other) && ClientKey.of(other, bits, bits).equals(first());
  }

  /** An address with all of its bits; IPv4 in IPv6 clothes, which some libraries keep, is IPv4. */
  static ClientKey whole(InetAddress address) {
    ClientKey key = ClientKey.of(address, 32, 128);
    boolean mapped = key.ipv6() && key.high() == 0 && key.low() >>> 32 == 0xFFFF;
    return mapped ? new ClientKey(0, key.low() & 0xFFFF_FFFFL, false) : key;
  }

  /** An address as people write it. */
  static String print(ClientKey key) {
    if (!key.ipv6()) {
      long four = key.low();
      return (four >> 24)
          + "."
          + ((four >> 16) & 255)
          + "."
          + ((four >> 8) & 255)
          + "."
          + (four & 255);
    }
    StringBuilder eight = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      long half = i < 4 ? key.high() : key.low();
      eight
          .append(i == 0 ? "" : ":")
          .append(Long.toHexString((half >> (48 - 16 * (i & 3))) & 0xFFFF));
    }
    return eight.toString().replaceFirst("(^|:)(0(:|$)){2,}", "::");
  }
}
