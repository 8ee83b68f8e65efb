package io.posthouse.cli;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Has the configuration file read again. */
@Command(
    name = "reload",
    description = {
      "Have a running Posthouse read its configuration file again.",
      "",
      "No link is lost. A bad file changes nothing; what is wrong with it is printed.",
      "Neither is a list file taken that has shrunk by more than half, unless forced.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the file is in effect",
      "1:Posthouse cannot be asked",
      "2:wrong usage, or the configuration is refused"
    })
final class ReloadCommand extends ClientCommand {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Option(
      names = "--force",
      description = "Also take list files that have shrunk by more than half.")
  private boolean force;

  ReloadCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    ApiReply reply = api.ask("POST", "/api/v1/reload" + (force ? "/force" : ""), PATIENCE);
    if (reply.status() != 409) {
      api.good(reply);
    }
    int exitCode = reply.isGood() ? 0 : CommandFailure.USAGE;
    if (printedJson(reply)) {
      return exitCode;
    }
    JsonNode json = reply.json();
    if (exitCode == 0) {
      print("configuration %d is in effect".formatted(json.path("generation").asLong()));
      printEach(json.path("changes"), "  ");
      printEach(json.path("problems"), "warning: ");
    } else {
      for (JsonNode problem : json.path("problems")) {
        context().err().println(Terminal.safe(problem.asString("")));
      }
      context()
          .err()
          .println(
              "posthouse: configuration refused, nothing changed; configuration %d stays in effect"
                  .formatted(json.path("generation").asLong()));
    }
    return exitCode;
  }
}
