package io.posthouse.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Says what becomes of a client, and why. */
@Command(
    name = "why",
    description = {
      "Say what becomes of a client on each virtual server, and why: its class and the entry that it"
          + " is in, its pool, members, source address, limits, what it may send,"
          + " its edge checks, and what rules would do.",
      "",
      "Nothing is sent, nobody's turn is taken, and DNS is not asked.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the client is let in, and neither a rule nor the relay right refuses it or the recipient, on one of those virtual servers",
      "1:it is refused, or Posthouse cannot be asked",
      "2:wrong usage or configuration"
    })
final class WhyCommand extends ClientCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Parameters(index = "0", paramLabel = "ADDRESS", description = "The client's address.")
  private String client = "";

  @Option(names = "--server", paramLabel = "NAME", description = "This virtual server only.")
  private @Nullable String server;

  @Option(
      names = "--sender",
      paramLabel = "ADDRESS",
      description = "The sender of its mail; <> for a bounce.")
  private @Nullable String sender;

  @Option(names = "--recipient", paramLabel = "ADDRESS", description = "A recipient of its mail.")
  private @Nullable String recipient;

  @Option(
      names = "--candidate",
      paramLabel = "FILE",
      description = "Explain this configuration file instead of the running Posthouse.")
  private @Nullable Path candidate;

  WhyCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run() throws CommandFailure {
    Path file = candidate;
    if (file == null) {
      return super.run();
    }
    JsonNode answer = context().candidates().why(file, asked());
    return tell(answer, answer.toString());
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    String query =
        asked().entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    ApiReply reply = api.ask("GET", "/api/v1/why?" + query, PATIENCE);
    if (reply.status() == 400) {
      throw CommandFailure.usage(reply.json().path("error").asString("bad question"));
    }
    api.good(reply);
    return tell(reply.json(), reply.body());
  }

  private Map<String, String> asked() {
    Map<String, String> asked = new LinkedHashMap<>();
    asked.put("client", client);
    put(asked, "server", server);
    put(asked, "sender", sender);
    put(asked, "recipient", recipient);
    return asked;
  }

  private static void put(Map<String, String> asked, String key, @Nullable String value) {
    if (value != null) {
      asked.put(key, value);
    }
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private void tell(WhyText one) {
    print(one.head());
    one.facts().linesWithoutHeads(context().columns()).forEach(this::print);
    for (Table each : List.of(one.checks(), one.rules(), one.members())) {
      if (!each.isEmpty()) {
        print("");
        print(each);
      }
    }
    print("");
  }

  private int tell(JsonNode answer, String text) {
    if (!printedJson(text)) {
      for (JsonNode each : answer.path("virtual-servers")) {
        tell(new WhyText(answer, each));
      }
    }
    return answer.path("accepted").asBoolean() ? 0 : CommandFailure.FAILED;
  }
}
