package io.posthouse.bench.compare;

import java.net.InetSocketAddress;

/**
 * All edge checks, five lists among them, and ten rules: none has anything against a client of the
 * bench, so that each is gone through to its end.
 */
final class ChecksAndRules {
  /** What a virtual server has that asks all of them. */
  static final String SERVER =
      "mode: smtp\n    edge-checks: all\n    rules: [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9]";

  private static final String RULES =
      """
      data-groups:
        devices: { values: [192.0.2.0/24] }
        partners: { type: domain, values: [example.org, .example.net] }
      rules:
        r0: { at: mail, when: client.inGroup('devices') && size > 50000000, then: close }
        r1: { at: mail, when: client.class == 'internet', then: close }
        r2: { at: mail, when: client.address == '192.0.2.1', then: close }
        r3: { at: mail, when: helo == 'mx.example.net', then: close }
        r4: { at: mail, when: "helo.matches('^(localhost|[0-9.]+)$')", then: close }
        r5: { at: mail, when: sender.inGroup('partners') && size > 5000000, then: close }
        r6: { at: mail, when: "sender.domain in ['example.org', 'example.net']", then: close }
        r7: { at: mail, when: sender.address == 'newsletter@contoso.com', then: close }
        r8: { at: mail, when: tls && sender.domain == 'contoso.com', then: close }
        r9: { at: mail, when: time.getHours('Europe/Berlin') >= 24, then: close }
      """;

  private ChecksAndRules() {}

  /**
   * The checks and the rules.
   *
   * @param waits whether the greeting is held for early talkers: not where a session is one mail,
   *     since the balancer would be idle then
   */
  static String configuration(InetSocketAddress resolver, boolean waits) {
    return """
    dns: { resolvers: ["%s"] }
    edge-checks:
      all:
        %s
        dns-lists: { lists: { a.example.org: 1, b.example.org: 1, c.example.org: 1, d.example.org: 1, e.example.org: -1 } }
        reverse-dns: { require: confirmed }
        hello: { faults: [malformed, unqualified, our-name, foreign-address, unknown] }
        limits:
          per-client: { connections: 100000000, recipients: 100000000, size: 1000GiB }
          per-network: { connections: 100000000, recipients: 100000000, size: 1000GiB }
          per-class: { connections: 100000000, recipients: 100000000, size: 1000GiB }
    """
            .formatted(
                Configurations.text(resolver), waits ? "early-talkers: { pause: 100ms }" : "")
        + RULES;
  }
}
