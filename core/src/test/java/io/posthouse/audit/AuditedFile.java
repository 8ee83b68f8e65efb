package io.posthouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile;
import io.posthouse.config.Lines;
import io.posthouse.model.Configuration;
import io.posthouse.policy.DataGroups;
import java.util.List;
import java.util.Map;

/** A configuration text for tests, and what the audit says of it. */
record AuditedFile(Configuration configuration, Lines lines) {
  /** Nothing to find in it. */
  static final String CLEAN =
      """
      version: 1
      data-groups:
        devices: [172.16.51.21, 10.20.0.0/16]
        ours: { type: domain, values: [contoso.com] }
      snat-pools:
        outside: [172.16.51.175, 172.16.51.176]
      client-classes:
        relay: { from: devices, relay: any, snat: 172.16.51.174 }
        internet: { from: any, relay: ours, snat: outside }
      monitors:
        deep:
          type: smtp
          depth: recipient
          senders: { inside: probe@contoso.com, outside: probe@example.net }
          recipient: postmaster@contoso.com
      pools:
        hub:
          monitors: deep
          members: { ex1: 10.1.1.21:25, ex2: 10.1.1.22:25 }
      virtual-servers:
        MAIL:
          listen: 172.16.51.174:25
          pool: hub
          classes: [relay, internet]
      """;

  static AuditedFile of(String text) {
    ConfigFile.Result result = ConfigFile.read("t.yaml", text);
    assertThat(result).as(result.problems().toString()).isInstanceOf(ConfigFile.Read.class);
    ConfigFile.Read read = (ConfigFile.Read) result;
    return new AuditedFile(read.configuration(), read.lines());
  }

  /** The clean one with parts replaced; pairs of what stands there and what shall. */
  static AuditedFile with(String... replacements) {
    String text = CLEAN;
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(text).contains(replacements[i]);
      text = text.replace(replacements[i], replacements[i + 1]);
    }
    return of(text);
  }

  Audit audit() {
    return audit(KernelChoice.UNKNOWN);
  }

  Audit audit(KernelChoice kernel) {
    DataGroups groups = DataGroups.of(configuration.dataGroups(), Map.of());
    return Audit.of(configuration, groups, kernel);
  }

  /** {@code HIGH OPEN_RELAY internet}, for each. */
  List<String> found() {
    return audit().findings().stream()
        .map(each -> each.severity() + " " + each.kind() + " " + each.subject())
        .toList();
  }

  /** The only one. */
  Finding finding() {
    assertThat(audit().findings()).hasSize(1);
    return audit().findings().getFirst();
  }
}
