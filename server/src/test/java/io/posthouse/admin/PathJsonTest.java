package io.posthouse.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.store.TokenFile;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the API answers about ways. */
class PathJsonTest {
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

  private Answer ask(String method, String query) {
    return api.answer(
        new Request(method, "/api/v1/path", query, "localhost", null, null, authorization));
  }

  private JsonNode json(String method, String query) {
    Answer answer = ask(method, query);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return new JsonMapper().readTree(answer.body());
  }

  @Test
  void thePlanNamesAllThatCanBeAsked() {
    JsonNode plan = json("GET", "");

    assertThat(plan.at("/pools/0/members/1/name").asString()).isEqualTo("ex2");
    assertThat(plan.at("/pools/0/members/1/ways").asInt()).isEqualTo(2);
    assertThat(plan.at("/virtual-servers/0/pools/0").asString()).isEqualTo("hub");
  }

  @Test
  void aWayHasItsFactsAndTheFindingsTheirWords() {
    JsonNode way = json("POST", "pool=hub&member=ex1").at("/ways/1");

    assertThat(way.toString())
        .isEqualTo(
            "{\"pool\":\"hub\",\"member\":\"ex1\",\"address\":\"10.1.1.21:25\",\"from\":\"172.16.51.174\","
                + "\"source\":\"172.16.51.174\",\"where\":\"on eth0\",\"for\":[\"relay on SMTP_VS\"],"
                + "\"outcome\":\"timed-out\",\"connect-ms\":5000.0,\"waited-ms\":0.0,\"said\":\"connect timed out\"}");
    assertThat(json("POST", "pool=hub").at("/findings/0/of").asString())
        .isEqualTo("hub/ex1 at 10.1.1.21:25 from 172.16.51.174");
    assertThat(json("POST", "server=SMTP_VS").at("/addresses/0/where").asString())
        .isEqualTo("on lo");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "member=ex1",
        "pool=hub&server=VS",
        "server=VS&member=ex1",
        "pool=hub&x=1",
        "pool=no"
      })
  void aQuestionThatIsNoneIsRefused(String query) {
    assertThat(ask("POST", query).status()).isEqualTo(400);
  }
}
