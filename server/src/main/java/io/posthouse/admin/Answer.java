package io.posthouse.admin;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request gets.
 *
 * @param body sent as UTF-8
 * @param headers further header lines
 */
record Answer(int status, String contentType, String body, Map<String, String> headers) {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String JSON = "application/json";

  static Answer json(int status, JsonNode body) {
    return new Answer(status, JSON, MAPPER.writeValueAsString(body), Map.of());
  }

  static Answer error(int status, String message) {
    return json(status, error(message));
  }

  static Answer text(int status, String text) {
    return new Answer(status, "text/plain; charset=utf-8", text, Map.of());
  }

  /** The one shape of every error. */
  static ObjectNode error(String message) {
    return JsonNodeFactory.instance.objectNode().put("error", message);
  }

  Answer with(String name, String value) {
    return new Answer(status, contentType, body, Map.of(name, value));
  }
}
