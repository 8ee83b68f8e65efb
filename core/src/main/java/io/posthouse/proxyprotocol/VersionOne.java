package io.posthouse.proxyprotocol;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the line of version 1 (section 2.1). */
final class VersionOne {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
  private static final int WORDS = 6;

  private VersionOne() {}

  /** The line without its end; it begins with {@code PROXY} and a space. */
  static HeaderVerdict read(String line) {
    String[] words = line.split(" ", -1);
    if (words[1].equals("UNKNOWN")) {
      return new HeaderVerdict.Own(); // Whatever follows is to be ignored.
    }
    boolean ipv6 = words[1].equals("TCP6");
    if (!ipv6 && !words[1].equals("TCP4")) {
      return HeaderReader.refused("unknown family");
    }
    if (words.length != WORDS) {
      return HeaderReader.refused("not two addresses and two ports");
    }
    InetAddress source = address(words[2], ipv6);
    InetAddress destination = address(words[3], ipv6);
    int sourcePort = port(words[4]);
    int destinationPort = port(words[5]);
    if (source == null || destination == null || sourcePort < 0 || destinationPort < 0) {
      return HeaderReader.refused("no such address or port");
    }
    return Told.of(source, sourcePort, destination, destinationPort);
  }

  private static @Nullable InetAddress address(String text, boolean ipv6) {
    if (!(ipv6 ? IPV6 : IPV4).matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException noAddress) {
      return null;
    }
  }

  private static int port(String text) {
    int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : -1;
    return port > 0xffff ? -1 : port;
  }
}
