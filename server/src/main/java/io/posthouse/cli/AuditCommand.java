package io.posthouse.cli;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Says what is dangerous, or without effect, in a configuration that is right. */
@Command(
    name = "audit",
    description = {
      "Look for open relays and for the causes of trouble with balanced SMTP in a configuration file: source addresses,"
          + " balance methods, weights and priorities, probes.",
      "",
      "Without --live only the file is read, and the lists that it names; Posthouse need not run. A finding that is meant goes into"
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
  private static final String LIVE = "/api/v1/audit/live";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Option(
      names = "--exchange",
      description =
          "Print the commands that make the receive connectors of Exchange servers as members, and nothing else.")
  private boolean exchange;

  @Option(
      names = "--live",
      description = {
        "Also ask what runs whether it relays: each virtual server as a client of each class that may not send to"
            + " anybody, and each member from each address that such clients come from. Never with DATA, and five"
            + " recipients to a connection at most."
      })
  private boolean live;

  @Option(
      names = "--recipient",
      paramLabel = "ADDRESS",
      description =
          "With --live: a mailbox in a domain that exists and is not yours; ${DEFAULT-VALUE} when left out.",
      defaultValue = "relaytest@example.net")
  private String recipient = "";

  AuditCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run() throws CommandFailure {
    JsonNode answer = context().audits().of(config("which file? Name it with -c FILE"));
    if (live && answer instanceof ObjectNode whole) {
      ask(api(), whole);
    }
    return tell(answer);
  }

  /** Adds what the running Posthouse says to what was found in the file. */
  private void ask(ApiClient api, ObjectNode answer) throws CommandFailure {
    ArrayNode findings = answer.withArray("findings");
    int open = answer.path("open").asInt();
    ArrayNode asked = answer.putArray("asked");
    for (JsonNode target : api.get(LIVE).json().path("targets")) {
      String name = target.asString("");
      note("asking " + name);
      JsonNode said =
          api.post(
                  "%s?target=%s&recipient=%s"
                      .formatted(LIVE, ApiClient.encode(name), ApiClient.encode(recipient)),
                  PATIENCE)
              .json();
      asked.addObject().put("target", name).set("tried", said.path("tried"));
      said.path("findings").forEach(findings::add);
      open += said.path("open").asInt();
    }
    answer.put("open", open);
  }

  /** The file says all; nobody is asked. */
  @Override
  int run(ApiClient api) throws CommandFailure {
    return run();
  }

  /** Progress, for whoever waits; what was asked for goes elsewhere. */
  private void note(String line) {
    context().err().println(Terminal.safe(line));
    context().err().flush();
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
