package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.posthouse.model.Configuration;
import io.posthouse.model.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JsonSchemaTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(JsonSchema.text());

  @Test
  void theShippedSchemaIsTheOneOfTheRecords() throws IOException {
    if (Boolean.getBoolean("posthouse.regenerate")) {
      Files.writeString(Sample.project("docs/posthouse.schema.json"), JsonSchema.text());
    }
    assertThat(Sample.projectText("docs/posthouse.schema.json"))
        .as("run this test with -Dposthouse.regenerate=true")
        .isEqualTo(JsonSchema.text());
  }

  @Test
  void isItselfASchema() {
    Schema meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                com.networknt.schema.SchemaLocation.of(
                    "https://json-schema.org/draft/2020-12/schema"));

    assertThat(meta.validate(JsonSchema.text(), InputFormat.JSON)).isEmpty();
  }

  @Test
  void tellsEveryKeyOfTheFile() {
    assertThat(Arrays.stream(Configuration.class.getRecordComponents()))
        .allMatch(component -> component.isAnnotationPresent(Key.class));
    assertThat(JsonSchema.text()).contains("\"state-directory\"", "\"down-time\"", "\"ipv6\"");
  }

  static List<String> goodFiles() {
    return List.of(
        Sample.GOOD,
        Sample.resource("product-example.yaml"),
        Sample.resource("every-key.yaml"),
        Sample.projectText("examples/posthouse.yaml"));
  }

  @ParameterizedTest
  @MethodSource("goodFiles")
  void passesWhatTheReaderReads(String text) {
    Sample.read(text);

    assertThat(SCHEMA.validate(text, InputFormat.YAML)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          version: 1 | version: 2
          version: 1 | version: "1"
          version: 1 | hostname: a.b
          version: 1 | version: 1\\nlimits: { threads: 257 }
          version: 1 | version: 1\\nlog: { links: maybe }
          version: 1 | version: 1\\nlog: { level: trace }
          version: 1 | version: 1\\ncolour: red
          version: 1 | version: 1\\nadmin: 127.0.0.1
          version: 1 | version: 1\\nadmin: { listen: 8025 }
          type: tcp | type: udp
          type: tcp | type: tcp, interval: 5
          type: tcp | type: tcp, interval: 5 s
          type: tcp | type: tcp, interval: 1.5s
          type: tcp | type: tcp, port: 0
          type: tcp | type: tcp, port: 65536
          type: tcp | type: tcp, port: any
          type: tcp | type: tcp, senders: { inside: 5 }
          type: tcp | type: tcp, senders: { outside: a@b.c }
          type: tcp | rise: 1
          [alive] | [5]
          [alive] | { a: b }
          ex1: 10.1.1.21:25 | ex1: 10.1.1.21
          ex1: 10.1.1.21:25 | ex1: "::1"
          ex1: 10.1.1.21:25 | ex1: []
          ex1: 10.1.1.21:25 | 'ex 1: 10.1.1.21:25'
          weight: 2 | weight: 0
          weight: 2 | weight: 257
          weight: 2 | weight: two
          weight: 2 | weight: "2"
          weight: 2 | wieght: 2
          weight: 2 | state: up
          10.1.1.22:25 | 10.1.1.22:x
          172.16.51.174:25 | []
          172.16.51.174:25 | [25]
          172.16.51.174:25 | 25
          pool: hub | pool: [hub]
          pool: hub | max-connections: 5
          pool: hub | pool: hub\\n    when-down: 420
          mode: tcp | smtp: { max-message-size: 4096 }
          mode: tcp | smtp: { max-message-size: 10MB }
          mode: tcp | smtp: { line-ends: normalize }
          pool: hub | pool: hub\\n    persistence: some
          pool: hub | pool: hub\\n    persistence: { prefix: 33 }
          pool: hub | pool: hub\\n    persistence: { prefix: { ipv6: 129 } }
          """)
  void refusesWhatTheReaderRefuses(String part, String replacement) {
    String text = Sample.with(part, replacement.translateEscapes());

    assertThat(ConfigFile.read("t.yaml", text)).isInstanceOf(ConfigFile.Refused.class);
    assertThat(validatesAgainstSchema(text)).isFalse();
  }

  @Test
  void refusesNamesThatTheReaderRefuses() {
    String text = Sample.with("SMTP_VS", "x".repeat(65));

    assertThat(Sample.problem(text)).contains("is no name");
    assertThat(validatesAgainstSchema(text)).isFalse();
  }

  private static boolean validatesAgainstSchema(String text) {
    return SCHEMA.validate(text, InputFormat.YAML).isEmpty();
  }
}
