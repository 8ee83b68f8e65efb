package io.posthouse.cli;

import io.posthouse.dsr.DsrChecker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Checks the servers behind virtual servers of mode dsr. */
@Command(
    name = "check",
    description = {
      "Connect to each server of mode dsr at its own address and through the VIP, ask who else answers for the VIP, and"
          + " say in plain words what is wrong, what it means for clients, and the one change that mends it.",
      "",
      "One connection each way, as far as the greeting, then QUIT; never a message.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing is wrong, as far as this machine can see",
      "1:something is, or Posthouse cannot be asked",
      "2:wrong usage or configuration"
    })
final class DsrCheckCommand extends ClientCommand {
  private static final String PATH = "/api/v1/dsr/check";
  private static final int BUSY = 429;
  private static final int WRONG = 400;
  private static final Duration TURN = Duration.ofSeconds(2);

  /** The server's own bound comes first. */
  private static final Duration PATIENCE = DsrChecker.LONGEST.plusSeconds(30);

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "VIRTUAL-SERVER[/MEMBER]",
      description = "One virtual server of mode dsr, or one member of it; all when left out.")
  private @Nullable String which;

  @Option(
      names = "--client",
      paramLabel = "ADDRESS",
      description = "Say what must hold for the way of the servers' answers to this client.")
  private @Nullable String client;

  private final ObjectNode answer = JsonNodeFactory.instance.objectNode();
  private final ArrayNode checked = answer.putArray("virtual-servers");

  DsrCheckCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    JsonNode plan = api.get(PATH).json();
    if (which == null) {
      for (JsonNode each : plan.path("virtual-servers")) {
        check(api, each.path("name").asString(""), null);
      }
      if (checked.isEmpty()) {
        throw CommandFailure.usage("no virtual server has mode dsr");
      }
    } else {
      int slash = which.indexOf('/');
      check(
          api,
          slash < 0 ? which : which.substring(0, slash),
          slash < 0 ? null : which.substring(slash + 1));
    }
    int open = open();
    answer.put("open", open);
    if (!printedJson(answer.toString())) {
      new DsrText(answer).lines(context().columns()).forEach(this::print);
    }
    return open == 0 ? 0 : CommandFailure.FAILED;
  }

  /** Findings but notes: what is not known is not wrong. */
  private int open() {
    int open = 0;
    for (JsonNode server : checked) {
      for (JsonNode finding : server.path("findings")) {
        open += finding.path("severity").asString("").equals("note") ? 0 : 1;
      }
    }
    return open;
  }

  private void check(ApiClient api, String server, @Nullable String member) throws CommandFailure {
    note(
        "checking %s, for %d s at most"
            .formatted(
                member == null ? server : server + "/" + member, DsrChecker.LONGEST.toSeconds()));
    String query = "server=" + ApiClient.encode(server);
    if (member != null) {
      query += "&member=" + ApiClient.encode(member);
    }
    if (client != null) {
      query += "&client=" + ApiClient.encode(client);
    }
    checked.add(ask(api, query));
  }

  /** The answer, when no other check runs any more. */
  private JsonNode ask(ApiClient api, String query) throws CommandFailure {
    long began = context().ticker().nanos();
    while (true) {
      ApiReply reply = api.ask("POST", PATH + "?" + query, PATIENCE);
      boolean late = context().ticker().nanos() - began >= PATIENCE.toNanos();
      if (reply.status() == WRONG) {
        throw CommandFailure.usage(reply.json().path("error").asString("bad question"));
      }
      if (reply.status() != BUSY || late) {
        return api.good(reply).json();
      }
      note("another check is running; waiting for it");
      context().pause(TURN, "interrupted");
    }
  }
}
