package io.posthouse.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Says what is dangerous, or without effect, in a configuration that is right. */
@Command(
    name = "audit",
    description = {
      "Look for open relays and for the causes of trouble with balanced SMTP in a configuration file: source addresses,"
          + " balance methods, weights and priorities, probes.",
      "",
      "Only the file is read, and the lists that it names; Posthouse need not run. A finding that is meant goes into"
          + " audit.accept of the file, with the reason, and stays listed.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing was found that is not accepted",
      "1:something was found",
      "2:wrong usage or configuration"
    })
final class AuditCommand extends ClientCommand {
  @Option(
      names = "--exchange",
      description =
          "Print the commands that make the receive connectors of Exchange servers as members, and nothing else.")
  private boolean exchange;

  AuditCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run() throws CommandFailure {
    return tell(context().audits().of(config("which file? Name it with -c FILE")));
  }

  /** The file says all; nobody is asked. */
  @Override
  int run(ApiClient api) throws CommandFailure {
    return run();
  }

  private int tell(JsonNode answer) {
    if (exchange) {
      printEach(answer.path("exchange"), "");
      return 0;
    }
    if (!printedJson(answer.toString())) {
      new AuditText(answer).lines(context().columns()).forEach(this::print);
    }
    return answer.path("open").asInt() == 0 ? 0 : CommandFailure.FAILED;
  }
}
