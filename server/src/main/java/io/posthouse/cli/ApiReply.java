package io.posthouse.cli;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the API answered. */
record ApiReply(int status, String body) {

  boolean isGood() {
    return status >= 200 && status < 300;
  }

  /** The body as JSON. */
  JsonNode json() throws CommandFailure {
    try {
      return new JsonMapper().readTree(body);
    } catch (JacksonException other) {
      throw CommandFailure.failed(
          "what answers there is no Posthouse: its answer is no JSON; check the address");
    }
  }
}
