package io.posthouse.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows what one client says and hears, as it happens. */
@Command(
    name = "trace",
    description = {
      "Show what one client says and hears in mode smtp, and the members with it, as it happens, until"
          + " the time is over or you press Ctrl-C.",
      "",
      "C: is the client, S: what it is told; >> goes to a member, << comes from it; -- is what happened."
          + " Passwords are masked, bodies left out. Whoever is connected already is followed from its"
          + " next line on.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the time is over",
      "1:Posthouse cannot be asked",
      "2:wrong usage or configuration"
    })
final class TraceCommand extends ClientCommand {
  private static final String TRACES = "/api/v1/traces";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LAST_WORD = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(300);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  @Parameters(index = "0", paramLabel = "ADDRESS", description = "The client's address.")
  private String client = "";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long; ${DEFAULT-VALUE} when left out, 3600 at most.",
      defaultValue = "600")
  private int seconds = 600;

  private volatile boolean over;

  TraceCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    String query = "?client=%s&seconds=%d".formatted(ApiClient.encode(client), seconds);
    ApiReply begun = api.ask("POST", TRACES + query, PATIENCE);
    if (begun.status() == 400) {
      throw CommandFailure.usage(begun.json().path("error").asString("bad question"));
    }
    String trace = TRACES + "/" + api.good(begun).json().path("trace").asLong();
    context().atEnd().accept(() -> end(api, trace));
    while (!show(api.get(trace))) {
      context().pause(POLL, "interrupted");
    }
    over = true;
    return 0;
  }

  /** Makes room for others now, rather than when nobody has read it for a while. */
  private void end(ApiClient api, String trace) {
    if (over) {
      return;
    }
    try {
      api.ask("POST", trace + "/end", LAST_WORD);
    } catch (CommandFailure unheard) {
      // It ends by itself, and there is nobody left to tell.
    }
  }

  /** Shows a part; whether nothing more comes. */
  private boolean show(ApiReply reply) throws CommandFailure {
    JsonNode part = reply.json();
    if (!part.path("lines").isEmpty() && !printedJson(reply)) {
      part.path("lines").forEach(this::print);
    }
    long lost = part.path("lost").asLong();
    if (lost > 0) {
      context()
          .err()
          .println(lost + " lines were lost: the client talks faster than they are read");
    }
    context().out().flush();
    return part.path("over").asBoolean();
  }

  private void print(JsonNode line) {
    String mark =
        switch (line.path("direction").asString("")) {
          case "from-client" -> "C:";
          case "to-client" -> "S:";
          case "to-member" -> ">>";
          case "from-member" -> "<<";
          default -> "--";
        };
    Instant at = Instant.parse(line.path("at").asString(""));
    print(
        "%s %s %s %s"
            .formatted(
                CLOCK.format(at),
                line.path("client").asString(""),
                mark,
                line.path("text").asString("")));
  }
}
