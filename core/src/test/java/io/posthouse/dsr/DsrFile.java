package io.posthouse.dsr;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile;
import java.util.List;

/** A configuration with virtual servers of mode dsr, for tests. */
final class DsrFile {
  static final String TEXT =
      """
      version: 1
      pools:
        hub: { members: { ex1: 10.77.0.21:25, ex2: 10.77.0.22:25 } }
        hub6: { members: { ex1: "[fd77::21]:25" } }
      virtual-servers:
        MAIL: { listen: 10.77.0.100:25, mode: dsr, pool: hub }
        SIX: { listen: "[fd77::100]:25", mode: dsr, pool: hub6 }
        PLAIN: { listen: 127.0.0.1:25, mode: tcp, pool: hub }
      """;

  private DsrFile() {}

  static List<Behind> servers() {
    return servers(TEXT);
  }

  static List<Behind> servers(String text) {
    ConfigFile.Result result = ConfigFile.read("t.yaml", text);
    assertThat(result).as(result.problems().toString()).isInstanceOf(ConfigFile.Read.class);
    return Behind.all(((ConfigFile.Read) result).configuration());
  }
}
