package io.posthouse.cli;

import io.posthouse.path.PathTester;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tries the ways to members from each of our addresses, and says what is wrong with them. */
@Command(
    name = "path",
    description = {
      "Connect to members from each address that can talk to them (this machine's own choice, source addresses of"
          + " classes and rules, those of probes), and say in plain words what is wrong with a way.",
      "",
      "One connection for each address, as far as the greeting, then QUIT; never a message. The virtual servers before"
          + " them are looked at, too: whether they listen, and whether their addresses are this machine's.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing is wrong, as far as this machine can see",
      "1:something is, or Posthouse cannot be asked",
      "2:wrong usage or configuration"
    })
final class PathCommand extends ClientCommand {
  private static final String PATH = "/api/v1/path";
  private static final int BUSY = 429;
  private static final int WRONG = 400;
  private static final Duration TURN = Duration.ofSeconds(2);

  /** The server's own bound comes first. */
  private static final Duration PATIENCE = PathTester.LONGEST.plusSeconds(30);

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "POOL[/MEMBER]",
      description = "One pool, or one member of it; all pools when left out.")
  private @Nullable String which;

  private final ObjectNode answer = JsonNodeFactory.instance.objectNode();
  private final ArrayNode servers = answer.putArray("virtual-servers");
  private final ArrayNode ways = answer.putArray("ways");
  private final ArrayNode findings = answer.putArray("findings");

  PathCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    try {
      ask(api, api.get(PATH).json());
    } catch (CommandFailure failure) {
      if (failure.exitCode() == CommandFailure.FAILED && !servers.isEmpty()) {
        tell(); // What was found holds all the same.
      }
      throw failure;
    }
    tell();
    return findings.isEmpty() ? 0 : CommandFailure.FAILED;
  }

  private void ask(ApiClient api, JsonNode plan) throws CommandFailure {
    if (which == null) {
      servers(api, plan, null);
      for (JsonNode pool : plan.path("pools")) {
        members(api, plan, name(pool), null);
      }
      return;
    }
    int slash = which.indexOf('/');
    String pool = slash < 0 ? which : which.substring(0, slash);
    servers(api, plan, pool);
    members(api, plan, pool, slash < 0 ? null : which.substring(slash + 1));
  }

  private void tell() {
    answer.put("open", findings.size());
    if (!printedJson(answer.toString())) {
      new PathText(answer).lines(context().columns()).forEach(this::print);
    }
  }

  /** The virtual servers before a pool; all of them for all pools. */
  private void servers(ApiClient api, JsonNode plan, @Nullable String pool) throws CommandFailure {
    for (JsonNode each : plan.path("virtual-servers")) {
      boolean before = pool == null;
      for (JsonNode its : each.path("pools")) {
        before |= its.asString("").equals(pool);
      }
      if (before) {
        JsonNode seen = ask(api, "server=" + ApiClient.encode(name(each)));
        servers.addObject().put("name", name(each)).set("addresses", seen.path("addresses"));
        seen.path("findings").forEach(findings::add);
      }
    }
  }

  private void members(ApiClient api, JsonNode plan, String pool, @Nullable String member)
      throws CommandFailure {
    int count = count(plan, pool, member);
    if (count > 0) {
      note(
          "trying %d ways to %s, for %d s at most"
              .formatted(
                  count,
                  member == null ? pool : pool + "/" + member,
                  PathTester.LONGEST.toSeconds()));
    }
    String query = "pool=" + ApiClient.encode(pool);
    JsonNode walked =
        ask(api, member == null ? query : query + "&member=" + ApiClient.encode(member));
    walked.path("ways").forEach(ways::add);
    walked.path("findings").forEach(findings::add);
  }

  private static int count(JsonNode plan, String pool, @Nullable String member) {
    int count = 0;
    for (JsonNode each : plan.path("pools")) {
      for (JsonNode its : each.path("members")) {
        boolean asked = name(each).equals(pool) && (member == null || name(its).equals(member));
        count += asked ? its.path("ways").asInt() : 0;
      }
    }
    return count;
  }

  /** The answer, when no other path test runs any more. */
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
      note("another path test is running; waiting for it");
      context().pause(TURN, "interrupted");
    }
  }

  private static String name(JsonNode of) {
    return of.path("name").asString("");
  }
}
