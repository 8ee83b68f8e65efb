package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Two members of two makes behind one Posthouse, in a pool for each way of TLS to members, each
 * pool with a virtual server for each way of TLS to clients.
 */
final class TlsStand {
  /** The ways of TLS to clients. */
  static final List<String> SERVERS = List.of("optional", "required", "implicit");

  /** The pools, one for each way of TLS to members. */
  static final List<String> POOLS =
      List.of("plain", "optional", "required", "verified", "implicit");

  private final Authority authority;
  private final Identity ours;
  private final Postfix postfix;
  private final Exim exim;
  private final Postfix bare;
  private final Config config = new Config();
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Posthouse posthouse;

  TlsStand(Lab lab) {
    authority = new Authority(lab);
    ours = authority.issue("balancer.acceptance.test");
    postfix = lab.postfix("postfix", authority.issue("postfix.acceptance.test").postfix());
    exim = lab.exim("exim", Map.of(), authority.issue("exim.acceptance.test").exim(), List.of());
    bare = lab.postfix("bare");
    pools();
    for (String pool : POOLS) {
      for (String server : SERVERS) {
        String tls = server.equals("implicit") ? "implicit: true" : "starttls: " + server;
        config.furtherServer(
            pool + "-" + server,
            "mode: smtp, pool: %s, listen: [\"127.0.0.1:%d\"], tls: { %s, %s }"
                .formatted(pool, port(server, pool), tls, ours.yaml()));
      }
    }
    posthouse = lab.posthouse(config);
  }

  private void pools() {
    String verified = "mode: verified, ca: " + authority.certificate();
    pool("plain", "off", postfix.address(), exim.address());
    pool("optional", "optional", postfix.address(), exim.address());
    pool("required", "required", postfix.address(), exim.address());
    pool("verified", "{ %s }".formatted(verified), postfix.address(), exim.address());
    pool(
        "implicit",
        "{ %s, implicit: true }".formatted(verified),
        postfix.addressInTls(),
        exim.addressInTls());
    other("bare-optional", "optional", bare.address());
    other("bare-required", "required", bare.address());
    other(
        "other-name", "{ %s, name: other.acceptance.test }".formatted(verified), postfix.address());
    // The pool and the virtual server that each configuration has.
    config.member(postfix).smtp("line-ends: reject").listen("127.0.0.1:" + Ports.free());
  }

  private void pool(String name, String tls, String ofPostfix, String ofExim) {
    config.furtherPool(
        name,
        """
        tls: %s, members: { \
        postfix: { address: "%s", tls-name: postfix.acceptance.test }, \
        exim: { address: "%s", tls-name: exim.acceptance.test } }\
        """
            .formatted(tls, ofPostfix, ofExim));
  }

  /** A pool of one member, with a virtual server. */
  private void other(String name, String tls, String address) {
    config.furtherPool(name, "tls: %s, members: { one: \"%s\" }".formatted(tls, address));
    config.furtherServer(
        name,
        "mode: smtp, pool: %s, listen: [\"127.0.0.1:%d\"], tls: { starttls: optional, %s }"
            .formatted(name, port("optional", name), ours.yaml()));
  }

  /** The port of 127.0.0.1 where clients are spoken to so, and mail goes to this pool. */
  int port(String server, String pool) {
    return ports.computeIfAbsent(server + "." + pool, any -> Ports.free());
  }

  /** Who has issued all certificates. */
  Authority authority() {
    return authority;
  }

  /** Posthouse. */
  Posthouse posthouse() {
    return posthouse;
  }

  /** The member whose TLS is as good as that of Exim. */
  Postfix postfix() {
    return postfix;
  }

  /** The member without TLS. */
  Postfix bare() {
    return bare;
  }

  /** A message that must be at one member, once, and have come in TLS or not as its pool says. */
  Keeper taker(String messageId, String pool) {
    List<Keeper> takers =
        Stream.<Keeper>of(postfix, exim)
            .filter(each -> each.kept().stream().anyMatch(mail -> mail.has(messageId)))
            .toList();
    assertThat(takers).as("members with %s", messageId).hasSize(1);
    List<Mail> mails =
        takers.getFirst().kept().stream().filter(mail -> mail.has(messageId)).toList();
    assertThat(mails).as("messages %s", messageId).hasSize(1);
    assertThat(cameInTls(mails.getFirst()))
        .as("%s came in TLS", messageId)
        .isEqualTo(!pool.equals("plain"));
    return takers.getFirst();
  }

  /** Both members tell the version in the Received line of their own. */
  private static boolean cameInTls(Mail mail) {
    return mail.octets().lines().limit(6).anyMatch(line -> line.matches(".*\\bTLSv?1\\.[23]\\b.*"));
  }
}
