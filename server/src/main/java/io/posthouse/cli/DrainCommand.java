package io.posthouse.cli;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Gives a member no new work, and may wait until it has none. */
@Command(
    name = "drain",
    description = {
      "Give a member no new work; running work ends by itself.",
      "",
      "It lasts over reload and restart, until enable or until the member's state in the file is"
          + " edited.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; with --wait, the member has no connections",
      "1:no such member, --timeout is over, or Posthouse cannot be asked",
      "2:wrong usage or configuration"
    })
final class DrainCommand extends MemberCommand {
  private static final Duration POLL = Duration.ofMillis(500);

  @Option(names = "--wait", description = "Return when the member has no connections left.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "With --wait: give up after this time; the member stays draining.")
  private long timeoutSeconds = Long.MAX_VALUE;

  DrainCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    if (timeoutSeconds < 0) {
      throw CommandFailure.usage("--timeout takes seconds from 0");
    }
    if (!wait) {
      if (timeoutSeconds != Long.MAX_VALUE) {
        throw CommandFailure.usage("--timeout is for waiting; add --wait, or leave it out");
      }
      administer(api, "drain");
      return 0;
    }
    api.post(ApiClient.path(member()) + "/drain", Duration.ofSeconds(30));
    return waitUntilEmpty(api);
  }

  private int waitUntilEmpty(ApiClient api) throws CommandFailure {
    long began = context().ticker().nanos();
    long shown = -1;
    while (true) {
      ApiReply reply = api.get(ApiClient.path(member()));
      JsonNode json = reply.json();
      long connections = json.path("connections").asLong();
      if (!json.path("state").asString("").equals("draining")) {
        clearProgress();
        throw CommandFailure.failed(
            "%s is no longer draining: somebody set it to %s"
                .formatted(member(), json.path("state").asString("")));
      }
      if (connections == 0) {
        clearProgress();
        if (!printedJson(reply)) {
          print(member() + " is draining and has no connections left");
        }
        return 0;
      }
      if ((context().ticker().nanos() - began) / 1_000_000_000 >= timeoutSeconds) {
        clearProgress();
        throw CommandFailure.failed(
            "%s still has %d connections; it stays draining: wait again, or cut them with posthouse disable %s"
                .formatted(member(), connections, member()));
      }
      if (connections != shown) {
        progress(connections);
        shown = connections;
      }
      context().pause(POLL, "interrupted; " + member() + " stays draining");
    }
  }

  /** One line that is written over, on a terminal only. */
  private void progress(long connections) {
    if (context().columns() > 0) {
      context().err().print("\r\u001b[Kdraining " + Terminal.safe(member().toString()) + ": ");
      context().err().print(connections + (connections == 1 ? " connection" : " connections"));
      context().err().flush();
    }
  }

  private void clearProgress() {
    if (context().columns() > 0) {
      context().err().print("\r\u001b[K");
      context().err().flush();
    }
  }
}
