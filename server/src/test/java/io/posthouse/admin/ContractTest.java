package io.posthouse.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.posthouse.model.AdminState;
import io.posthouse.store.TokenFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What docs/ promises is what the server does. */
class ContractTest {
  private static final Path DOCS = Path.of("../docs");
  private final House house = new House();
  @TempDir Path directory;
  private Api api;
  private String authorization;

  @BeforeEach
  void open() throws Exception {
    var token = TokenFile.open(directory);
    authorization = token.authorization();
    api = new Api(house.doors(), new Guard(token));
  }

  @Test
  void routesAreTheContractsPaths() throws Exception {
    Map<String, Boolean> promised = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : contract().get("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (!operation.getKey().equals("parameters")) {
          String method = operation.getKey().toUpperCase(Locale.ROOT);
          promised.put(method + " " + path.getKey(), operation.getValue().has("security"));
        }
      }
    }
    Map<String, Boolean> served = new TreeMap<>();
    api.routes()
        .forEach(route -> served.put(route.method() + " " + route.template(), route.open()));
    assertThat(served).isEqualTo(promised);
  }

  @Test
  void theStatusFollowsItsSchema() throws Exception {
    house.states.put("hub/ex1", AdminState.DRAINING);
    assertThat(errors(ask("GET", "/api/v1/status").body())).isEmpty();
  }

  @Test
  void theSchemaIsStrict() throws Exception {
    ObjectNode status = (ObjectNode) new JsonMapper().readTree(ask("GET", "/api/v1/status").body());
    ObjectNode member = (ObjectNode) status.at("/pools/0/members/0");
    member.put("extra", 1);
    member.remove("total-connections");
    member.put("state", "ENABLED");
    assertThat(errors(status.toString()))
        .hasSize(3)
        .allMatch(error -> error.contains("/pools/0/members/0"));
  }

  @Test
  void aMemberHasWhatTheContractRequires() throws Exception {
    JsonNode schemas = contract().at("/components/schemas");
    JsonNode member = new JsonMapper().readTree(ask("GET", "/api/v1/pools/hub/members/ex2").body());
    for (JsonNode key : schemas.at("/Member/required")) {
      assertThat(member.has(key.asString())).as(key.asString()).isTrue();
    }
    for (JsonNode key : schemas.at("/Probe/required")) {
      assertThat(member.at("/probes/0").has(key.asString())).as(key.asString()).isTrue();
    }
  }

  private Answer ask(String method, String path) {
    return api.answer(new Request(method, path, "", "localhost", null, null, authorization));
  }

  private static List<String> errors(String json) throws Exception {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(DOCS.resolve("status.schema.json")), InputFormat.JSON);
    List<String> errors = new ArrayList<>();
    for (Error error : schema.validate(json, InputFormat.JSON)) {
      errors.add(error.toString());
    }
    return errors;
  }

  private static JsonNode contract() throws Exception {
    String yaml = Files.readString(DOCS.resolve("openapi.yaml"));
    return new JsonMapper()
        .valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
  }
}
