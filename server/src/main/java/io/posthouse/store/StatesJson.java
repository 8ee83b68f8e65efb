package io.posthouse.store;

import io.posthouse.model.AdminState;
import io.posthouse.model.Spelled;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The file of run-time states: strict to read, since a half understood state may stop mail. */
final class StatesJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private StatesJson() {}

  static byte[] write(Map<MemberName, Setting> settings) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", 1);
    ArrayNode members = json.putArray("members");
    settings.forEach((key, setting) ->
        members
            .addObject()
            .put("pool", key.pool())
            .put("member", key.member())
            .put("state", Spelled.of(setting.state()))
            .put("state-in-file", Spelled.of(setting.inFile())));
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  static Map<MemberName, Setting> read(byte[] octets) {
    JsonNode json;
    try {
      json = MAPPER.readTree(octets);
    } catch (JacksonException notJson) {
      throw new IllegalArgumentException("not JSON: " + notJson.getOriginalMessage(), notJson);
    }
    if (json.path("version").asInt(0) != 1 || !json.path("members").isArray()) {
      throw new IllegalArgumentException("not version 1 of this file");
    }
    Map<MemberName, Setting> settings = new LinkedHashMap<>();
    for (JsonNode member : json.path("members")) {
      settings.put(
          new MemberName(text(member, "pool"), text(member, "member")),
          new Setting(state(member, "state"), state(member, "state-in-file")));
    }
    return settings;
  }

  private static String text(JsonNode member, String key) {
    JsonNode value = member.path(key);
    if (!value.isString()) {
      throw new IllegalArgumentException("a member without " + key);
    }
    return value.asString();
  }

  private static AdminState state(JsonNode member, String key) {
    String text = text(member, key);
    for (AdminState state : AdminState.values()) {
      if (Spelled.of(state).equals(text)) {
        return state;
      }
    }
    throw new IllegalArgumentException("no such state: " + text);
  }
}
