package io.posthouse.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** A command about one member. */
abstract class MemberCommand extends ClientCommand {
  @Parameters(
      paramLabel = "POOL/MEMBER",
      converter = MemberArgument.Converter.class,
      description = "The member, as in hub/ex1; posthouse status lists them.")
  private @Nullable MemberArgument member;

  MemberCommand(ClientContext context) {
    super(context);
  }

  final MemberArgument member() {
    MemberArgument given = member;
    if (given == null) {
      throw new IllegalStateException("picocli demands it");
    }
    return given;
  }

  /** Sets the member's state and prints it. */
  final JsonNode administer(ApiClient api, String verb) throws CommandFailure {
    ApiReply reply = api.post(ApiClient.path(member()) + "/" + verb, Duration.ofSeconds(30));
    JsonNode json = reply.json();
    if (!printedJson(reply)) {
      print(
          "%s is %s; health: %s; connections: %d"
              .formatted(
                  member(),
                  json.path("state").asString(""),
                  json.path("effective-state").asString(""),
                  json.path("connections").asLong()));
    }
    return json;
  }
}
