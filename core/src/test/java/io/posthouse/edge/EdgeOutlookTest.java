package io.posthouse.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile;
import io.posthouse.model.EdgeChecks;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which edge checks a client undergoes is known without a question to DNS. */
class EdgeOutlookTest {
  private static final EdgeChecks CHECKS =
      checks(
          """
          exempt: [relay]
          early-talkers: { pause: 2s }
          dns-lists:
            threshold: 3
            lists:
              zen: { zone: secret-key.zen.example.org, score: 3 }
              dnswl.example.net: -2
              mixed: { zone: m.example.org, answers: [{ codes: [127.0.0.2], score: 1 }] }
          reverse-dns: { require: name, action: log }
          hello: { faults: [malformed, our-name] }
          limits: { per-client: { recipients: 200, size: 1KiB }, per-network: { connections: 120 }, action: log }
          """);

  private static EdgeChecks checks(String text) {
    String file =
        """
        version: 1
        client-classes: { relay: { from: any, relay: server } }
        edge-checks:
          internet:
        %s
        pools: { hub: { members: { a: "10.1.1.21:25" } } }
        virtual-servers:
          MX: { listen: "127.0.0.1:25", pool: hub, classes: [relay], edge-checks: internet }
        """
            .formatted(text.indent(4));
    return switch (ConfigFile.read("posthouse.yaml", file)) {
      case ConfigFile.Read read ->
          Objects.requireNonNull(read.configuration().edgeChecks().get("internet"));
      case ConfigFile.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  @Test
  void eachCheckSaysWhatItLooksAtAndWhatBecomesOfWhomItMeets() {
    EdgeOutlook outlook = EdgeOutlook.of(CHECKS, "internet", false, false);
    assertThat(outlook.exempt()).isEmpty();
    assertThat(outlook.checks())
        .extracting(each -> each.check().phrase() + " " + each.action() + " " + each.about())
        .containsExactly(
            "early-talkers refuse whether it talks within 2000 ms",
            "dns-lists refuse zen 3, dnswl.example.net -2, mixed by answer; from 3 on",
            "reverse-dns log whether DNS has a name for it",
            "hello refuse what it calls itself: malformed, our-name",
            "limits log in a minute per client recipients 200, octets 1024; per network connections 120");
  }

  @Test
  void aZoneThatMayHoldAKeyIsNotShown() {
    assertThat(EdgeOutlook.of(CHECKS, "internet", false, false).toString())
        .doesNotContain("secret-key");
  }

  @Test
  void anExemptClassAndWhoeverSpeaksForOthersUndergoNone() {
    assertThat(EdgeOutlook.of(CHECKS, "relay", false, false))
        .satisfies(each -> assertThat(each.exempt()).isEqualTo("class relay is exempt"))
        .satisfies(each -> assertThat(each.checks()).isEmpty());
    assertThat(EdgeOutlook.of(CHECKS, "internet", false, true))
        .satisfies(each -> assertThat(each.exempt()).startsWith("it may say XCLIENT"))
        .satisfies(each -> assertThat(each.checks()).isEmpty());
  }

  @Test
  void whereTlsComesFirstNobodyIsAnEarlyTalker() {
    assertThat(EdgeOutlook.of(CHECKS, "internet", true, false).checks().getFirst().about())
        .isEqualTo("nothing, since TLS comes first");
  }
}
