package io.posthouse.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Probes a member once and shows all that was said. */
@Command(
    name = "probe",
    description = {
      "Run every monitor of a member once from each source address and print each dialogue.",
      "",
      "Lines to the member begin with >, lines from it with <, remarks with *.",
      "The results count for the member's state like those of the schedule.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every monitor passed",
      "1:one did not, there is none, or Posthouse cannot be asked",
      "2:wrong usage or configuration"
    })
final class ProbeCommand extends MemberCommand {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  ProbeCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    ApiReply reply = api.post(ApiClient.path(member()) + "/probe", PATIENCE);
    JsonNode probes = reply.json().path("probes");
    boolean passed = !probes.isEmpty();
    for (JsonNode probe : probes) {
      passed &= probe.path("result").asString("").equals("passed");
    }
    if (!printedJson(reply)) {
      if (probes.isEmpty()) {
        throw CommandFailure.failed(
            member() + " has no monitor; give its pool one: monitors: [NAME]");
      }
      probes.forEach(this::print);
    }
    return passed ? 0 : CommandFailure.FAILED;
  }

  private void print(JsonNode probe) {
    StringBuilder head = new StringBuilder();
    head.append("monitor ").append(probe.path("monitor").asString(""));
    String source = probe.path("source").asString("automap");
    head.append(source.equals("automap") ? "" : " from " + source).append(": ");
    head.append(probe.path("result").asString(""));
    if (probe.has("step")) {
      head.append(" at ").append(probe.path("step").asString("").replace('-', ' '));
    }
    if (probe.has("scope")) {
      head.append(" (").append(probe.path("scope").asString("")).append(" senders)");
    }
    head.append(": ").append(probe.path("reason").asString(""));
    head.append(" (").append(Math.round(probe.path("took-ms").asDouble())).append(" ms)");
    print(head.toString());
    for (JsonNode line : probe.path("dialogue")) {
      String mark =
          switch (line.path("direction").asString("")) {
            case "to-member" -> "> ";
            case "from-member" -> "< ";
            default -> "* ";
          };
      print("  " + mark + line.path("text").asString(""));
    }
    if (probe.has("certificates")) {
      certificates(probe.path("certificates"));
    }
  }

  private void certificates(JsonNode shown) {
    for (JsonNode each : shown.path("chain")) {
      List<String> names = new ArrayList<>();
      each.path("names").forEach(name -> names.add(name.asString("")));
      print("  certificate of " + each.path("subject").asString(""));
      print("    names " + (names.isEmpty() ? "none" : String.join(", ", names)));
      print("    issued by " + each.path("issuer").asString(""));
      print("    expires " + each.path("not-after").asString(""));
    }
    String problem = shown.path("problem").asString("");
    print("  %s days left".formatted(shown.path("days-left").asString("")));
    print("  tls: verified " + (problem.isEmpty() ? "takes it" : "would not take it: " + problem));
  }
}
