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

/** What the API answers about servers of mode dsr. */
class DsrJsonTest {
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
        new Request(method, "/api/v1/dsr/check", query, "localhost", null, null, authorization));
  }

  private JsonNode json(String method, String query) {
    Answer answer = ask(method, query);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return new JsonMapper().readTree(answer.body());
  }

  @Test
  void thePlanNamesAllThatCanBeChecked() {
    assertThat(json("GET", "").toString())
        .isEqualTo("{\"virtual-servers\":[{\"name\":\"MAIL\",\"members\":[\"ex1\",\"ex2\"]}]}");
  }

  @Test
  void aMemberHasItsFactsAndTheFindingsTheirWords() {
    JsonNode json = json("POST", "server=MAIL");

    assertThat(json.at("/device").asString()).isEqualTo("eth0");
    assertThat(json.at("/members/1").toString())
        .isEqualTo(
            "{\"member\":\"ex2\",\"address\":\"10.77.0.22:25\",\"beside\":true,\"mac\":\"02:77:00:00:00:22\","
                + "\"own\":{\"outcome\":\"greeted\",\"connect-ms\":2.0,\"waited-ms\":2.0,\"said\":\"220 mx \\\\x07\\\\x9b31m\"},"
                + "\"through\":[{\"vip\":\"10.77.0.100\",\"outcome\":\"greeted\",\"connect-ms\":2.0,\"waited-ms\":2.0,"
                + "\"said\":\"220 mx \\\\x07\\\\x9b31m\",\"came-back\":false,"
                + "\"answers\":[{\"mac\":\"02:77:00:00:00:22\",\"source\":\"10.77.0.100\"}]}]}");
    assertThat(json.at("/vips/0").toString())
        .isEqualTo(
            "{\"vip\":\"10.77.0.100\",\"here\":true,\"others\":[],\"not-asked\":\"no arping\"}");
    assertThat(json.at("/findings/0/finding").asString()).isEqualTo("vip-missing");
    assertThat(json.at("/findings/0/severity").asString()).isEqualTo("critical");
    assertThat(json.at("/findings/0/of").asString()).isEqualTo("MAIL/ex1");
    assertThat(json.at("/findings/1/severity").asString()).isEqualTo("note");
    assertThat(json.at("/notes").size()).isOne();
    assertThat(json("POST", "server=MAIL&member=ex2&client=10.88.0.10").at("/notes/1").asString())
        .contains("10.88.0.10");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "member=ex1",
        "server=PLAIN",
        "server=MAIL&member=ex9",
        "server=MAIL&x=1",
        "server=MAIL&client=mail.contoso.com"
      })
  void aQuestionThatIsNoneIsRefused(String query) {
    assertThat(ask("POST", query).status()).isEqualTo(400);
  }
}
