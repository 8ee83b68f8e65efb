package io.posthouse.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DnsPtrRecord;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.posthouse.edge.Answer;
import io.posthouse.edge.Lookup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a DNS server's reply says, and for how long. Aliases were followed by the server: what of
 * the kind stands in its answer counts.
 *
 * @param seconds how long it holds
 */
record DnsReply(Answer answer, long seconds) {
  /** More than that of a reply is not looked at. */
  private static final int MOST_RECORDS = 50;

  private static final long LEAST_SECONDS = 30;
  private static final long MOST_SECONDS = 3_600;
  private static final long NOTHING_SECONDS = 300;

  /** Of an SOA record its last four octets are how long a name that is none holds (RFC 2308). */
  private static final int MINIMUM = 4;

  static DnsReply failed(long seconds) {
    return new DnsReply(Answer.FAILED, seconds);
  }

  /** Reads a reply, which stays the caller's. */
  static DnsReply read(Lookup lookup, DnsResponse response, long failedSeconds) {
    boolean none = response.code().equals(DnsResponseCode.NXDOMAIN);
    if ((!none && !response.code().equals(DnsResponseCode.NOERROR)) || response.isTruncated()) {
      return failed(failedSeconds);
    }
    List<InetAddress> addresses = new ArrayList<>();
    List<String> names = new ArrayList<>();
    long seconds = MOST_SECONDS;
    int count = Math.min(response.count(DnsSection.ANSWER), MOST_RECORDS);
    for (int i = 0; i < count; i++) {
      DnsRecord each = response.recordAt(DnsSection.ANSWER, i);
      if (lookup.type() == Lookup.Type.PTR && each instanceof DnsPtrRecord pointer) {
        names.add(withoutDot(pointer.hostname()));
      } else if (isAddress(lookup.type(), each)) {
        addresses.add(address(((DnsRawRecord) each).content()));
      }
      seconds = Math.min(seconds, each.timeToLive());
    }
    if (addresses.isEmpty() && names.isEmpty()) {
      return new DnsReply(Answer.NONE, bounded(nothingHolds(response)));
    }
    return new DnsReply(Answer.found(addresses, names), bounded(seconds));
  }

  private static boolean isAddress(Lookup.Type type, DnsRecord record) {
    boolean ipv6 = type == Lookup.Type.AAAA;
    return type != Lookup.Type.PTR
        && record instanceof DnsRawRecord raw
        && record.type().equals(ipv6 ? DnsRecordType.AAAA : DnsRecordType.A)
        && raw.content().readableBytes() == (ipv6 ? 16 : 4);
  }

  private static InetAddress address(ByteBuf content) {
    byte[] octets = new byte[content.readableBytes()];
    content.getBytes(content.readerIndex(), octets);
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException wrongLength) {
      throw new IllegalStateException(wrongLength);
    }
  }

  private static long nothingHolds(DnsResponse response) {
    int count = Math.min(response.count(DnsSection.AUTHORITY), MOST_RECORDS);
    for (int i = 0; i < count; i++) {
      DnsRecord each = response.recordAt(DnsSection.AUTHORITY, i);
      if (each.type().equals(DnsRecordType.SOA)
          && each instanceof DnsRawRecord raw
          && raw.content().readableBytes() > MINIMUM) {
        ByteBuf content = raw.content();
        long minimum = content.getUnsignedInt(content.writerIndex() - MINIMUM);
        return Math.min(minimum, each.timeToLive());
      }
    }
    return NOTHING_SECONDS;
  }

  private static long bounded(long seconds) {
    return Math.clamp(seconds, LEAST_SECONDS, MOST_SECONDS);
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
