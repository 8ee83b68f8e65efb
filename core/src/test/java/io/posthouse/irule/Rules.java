package io.posthouse.irule;

import java.util.List;
import java.util.stream.Collectors;

/** iRules for tests: that of the field notes, as versions 10 and 11 have it, and bigip.conf. */
final class Rules {
  static final String VERSION_10 =
      """
      when CLIENT_ACCEPTED {
          if { [matchclass [IP::client_addr] equals $::smtp_relay_allowed] } {
              snat 172.16.51.174
          } else {
              snat automap
          }
      }
      """;

  static final String VERSION_11 =
      """
      when CLIENT_ACCEPTED {
          if { [class exists smtp_relay_allowed] && [class match [IP::client_addr] equals smtp_relay_allowed] } {
              snat 172.16.51.174
          } else {
              snat automap
          }
      }
      """;

  /** What stands in version 11 around it. */
  static final String AROUND_11 =
      """
      ltm data-group internal /Common/smtp_relay_allowed {
          records {
              10.20.0.0/16 { }
              172.16.51.21/32 {
                  data printer
              }
              2001:db8:20::/48 { }
          }
          type ip
      }
      ltm data-group internal /Common/words {
          records { one { } }
          type string
      }
      ltm data-group external /Common/partners {
          external-file-name /Common/partners
          type ip
      }
      ltm snatpool /Common/outside {
          members {
              /Common/172.16.51.175
              /Common/172.16.51.176
          }
      }
      ltm pool /Common/smtp_pool {
          members {
              /Common/10.1.1.21:25 {
                  address 10.1.1.21
              }
          }
      }
      ltm virtual /Common/SMTP_VS {
          destination /Common/172.16.51.174:25
          ip-protocol tcp
          pool /Common/smtp_pool
          profiles {
              /Common/tcp { }
          }
          rules {
              /Common/smtp_irule
          }
          source-address-translation {
              type automap
          }
      }
      """;

  /** The same of version 10. */
  static final String AROUND_10 =
      """
      class smtp_relay_allowed {
         {
            host 172.16.51.21
            network 10.20.0.0 mask 255.255.0.0
            network 192.168.7.0/24
         }
      }
      snatpool outside {
         members {
            172.16.51.175
            172.16.51.176
         }
      }
      pool smtp_pool {
         monitor all SMTP_Monitor
         members 10.1.1.21:smtp {}
      }
      virtual SMTP_VS {
         snat automap
         pool smtp_pool
         destination 172.16.51.174:smtp
         ip protocol tcp
         rules smtp_irule
      }
      """;

  private Rules() {}

  /** A rule that does something for every new connection. */
  static String accepted(String body) {
    return "when CLIENT_ACCEPTED {\n" + body + "\n}\n";
  }

  /** The rule in the bigip.conf of version 11. */
  static String conf11(String rule) {
    return AROUND_11 + "ltm rule /Common/smtp_irule {\n" + rule + "}\n";
  }

  static String conf10(String rule) {
    return AROUND_10 + "rule smtp_irule {\n" + rule + "}\n";
  }

  static LintedRule only(String text) {
    Linted linted = IruleLint.of(text);
    if (linted.rules().size() != 1) {
      throw new AssertionError(linted.toString());
    }
    return linted.rules().getFirst();
  }

  static List<LintKind> kinds(String text) {
    Linted linted = IruleLint.of(text);
    return java.util.stream.Stream.concat(
            linted.findings().stream(),
            linted.rules().stream().flatMap(each -> each.findings().stream()))
        .map(LintFinding::kind)
        .toList();
  }

  /** The configuration that does the same; fails where there is none. */
  static String yaml(String text) {
    return switch (only(text).conversion()) {
      case Conversion.Same same ->
          same.lines().stream().collect(Collectors.joining("\n", "", "\n"));
      case Conversion.None none -> throw new AssertionError(none.toString());
    };
  }

  /** Why there is none, with its place. */
  static String why(String text) {
    return switch (only(text).conversion()) {
      case Conversion.Same same -> throw new AssertionError(String.join("\n", same.lines()));
      case Conversion.None none -> none.at().line() + ":" + none.at().column() + ": " + none.why();
    };
  }
}
