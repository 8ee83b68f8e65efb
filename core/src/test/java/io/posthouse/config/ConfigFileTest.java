package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConfigFileTest {
  @Test
  void readsTheSmallestUsefulFile() {
    Configuration configuration =
        read(
            """
            version: 1
            pools:
              hub:
                members:
                  ex1: 10.1.1.21:25
            virtual-servers:
              SMTP_VS: { listen: 172.16.51.174:25, mode: tcp, pool: hub }
            """);

    assertThat(configuration.pools().get("hub").members().get("ex1").address())
        .isEqualTo(new Endpoint("10.1.1.21", 25));
    assertThat(configuration.virtualServers().get("SMTP_VS").idleTimeout())
        .isEqualTo(Duration.ofMinutes(11));
    assertThat(configuration.virtualServers().get("SMTP_VS").persistence()).isNull();
    assertThat(configuration.admin().listen()).isEqualTo(new Endpoint("127.0.0.1", 8025));
  }

  private static Configuration read(String text) {
    ConfigFile.Result result = ConfigFile.read("t.yaml", text);
    assertThat(result.problems()).isEmpty();
    return ((ConfigFile.Read) result).configuration();
  }
}
