package io.posthouse.ruleset;

import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is counted in mode dsr. Counters are elements of one set for each family, by VIP, port and a
 * code, since {@code nft} 1.0.6 reads a set by itself, but named counters only with every link that
 * is remembered, which takes seconds.
 *
 * <p>The code of a member's packets is its mark; of other counters of a member, its mark and a bit;
 * of what concerns no member, a number of its own. Only what clients send is counted: answers do
 * not pass here.
 */
enum DsrCount {
  /** A SYN of a new link that went to the member. */
  BEGUN(0x10000),
  /** A link whose client has answered the member's answer. */
  MADE(0x20000),
  /** A packet of no link, or of one whose member is not known any more. */
  LOST(0x30001),
  /** A packet of a client that is of no class. */
  DENIED(0x30002),
  /** A new link that is one too many for its client. */
  LIMITED(0x30003),
  /** A new link while no member takes any. */
  REFUSED(0x30004),
  /** A link that was cut since its member is disabled. */
  CUT(0x30005);

  /** The bits of the mark of a member. */
  static final String MEMBER = "0xffff";

  private static final Set<DsrCount> OF_MEMBERS = EnumSet.of(BEGUN, MADE);

  private final int code;

  DsrCount(int code) {
    this.code = code;
  }

  /** As rules write it. */
  String code() {
    return "0x%x".formatted(code);
  }

  /** The counter of a service's own. */
  String key(DsrService service) {
    return element(service, code);
  }

  /** The counter of one of its members. */
  String key(DsrService service, int mark) {
    return element(service, code | mark);
  }

  /** The counter of all packets that went to a member. */
  static String all(DsrService service, int mark) {
    return element(service, mark);
  }

  /** The counters of a service, each as an element is written. */
  static List<String> keys(DsrService service, Set<Integer> marks) {
    Stream<String> own =
        Stream.of(values()).filter(each -> !OF_MEMBERS.contains(each)).map(e -> e.key(service));
    Stream<String> ofMembers =
        marks.stream()
            .sorted()
            .flatMap(mark ->
                Stream.concat(
                    Stream.of(all(service, mark)),
                    OF_MEMBERS.stream().map(each -> each.key(service, mark))));
    return Stream.concat(own, ofMembers).toList();
  }

  /** What has a packet counted by its mark. */
  static String counting(String ip) {
    return ip + " daddr . tcp dport . meta mark @" + ip + "_counts";
  }

  private static String element(DsrService service, int code) {
    return element(service.vip(), service.port(), code);
  }

  /** The same in one form, however the address was written. */
  static String element(InetAddress vip, int port, int code) {
    return "%s . %d . 0x%08x".formatted(vip.getHostAddress(), port, code);
  }
}
