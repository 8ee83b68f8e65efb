package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States set at run time, and the status that shows them. */
@ExtendWith(LabExtension.class)
final class StatesTest {

  @ParameterizedTest
  @CsvSource({"drain,draining", "disable,disabled"})
  void aStateSurvivesReloadAndRestartUntilEnable(String verb, String state, Lab lab)
      throws IOException {
    int port = Ports.free();
    Config config =
        new Config()
            .listen("127.0.0.1:" + port)
            .member(lab.sink("mx1"))
            .member(lab.sink("mx2"))
            .monitor("hello", "type: smtp, interval: 1s");
    Posthouse posthouse = lab.posthouse(config);
    posthouse.command(verb, "hub/mx1").good();
    requireOut(posthouse, state, port);

    posthouse.hangUp();
    requireOut(posthouse, state, port);

    posthouse.daemon().signal("TERM");
    await("Posthouse ends")
        .atMost(Duration.ofSeconds(20))
        .until(() -> !posthouse.daemon().isAlive());
    posthouse.started();
    requireOut(posthouse, state, port);

    posthouse.command("enable", "hub/mx1").good();
    await("mx1 has work again")
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          mails(port, 2);
          return posthouse.member("mx1").get("total-connections").asLong() > 0;
        });
    requireValid(posthouse);
  }

  private static void requireOut(Posthouse posthouse, String state, int port) throws IOException {
    assertThat(posthouse.member("mx1").get("state").asString()).isEqualTo(state);
    long before = posthouse.member("mx1").get("total-connections").asLong();
    mails(port, 6);
    assertThat(posthouse.member("mx1").get("total-connections").asLong()).isEqualTo(before);
    requireValid(posthouse);
  }

  private static void mails(int port, int links) throws IOException {
    for (int i = 0; i < links; i++) {
      try (Talk talk = Talk.to("127.0.0.1", port)) {
        talk.ask("QUIT", "221");
      }
    }
  }

  private static void requireValid(Posthouse posthouse) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                Files.readString(Lab.repository().resolve("docs/status.schema.json")),
                InputFormat.JSON);
    String status = posthouse.command("status", "--json").good().out();
    assertThat(schema.validate(status, InputFormat.JSON)).isEmpty();
  }
}
