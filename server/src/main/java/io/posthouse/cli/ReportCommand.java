package io.posthouse.cli;

import io.posthouse.admin.ReportJson;
import io.posthouse.admin.ReportReader;
import io.posthouse.door.BadQuestionException;
import io.posthouse.report.NotComparableException;
import io.posthouse.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Says what the traffic came to. */
@Command(
    name = "report",
    description = {
      "Show what the traffic since the start of Posthouse came to: by virtual server, class, source address and member; by"
          + " class; each member's share against its weight; the clients that send most; and what had no traffic.",
      "",
      "WORK is messages that members answered, and links in mode tcp. All is counted in memory and begins anew with each start.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:something is shown",
      "1:Posthouse cannot be asked, or was restarted since the earlier report",
      "2:wrong usage or configuration"
    })
final class ReportCommand extends ClientCommand {
  private static final long MOST_OCTETS = 64L << 20;

  @Option(
      names = "--since",
      paramLabel = "FILE",
      description =
          "Show only what came since an earlier report, which --json wrote into this file.")
  private @Nullable Path since;

  @Option(
      names = "--top",
      paramLabel = "N",
      description =
          "How many senders are shown; 20 when left out, 1000 at most. Not with --csv and --json, which have all that are listed.")
  private @Nullable Integer top;

  @Option(
      names = "--csv",
      paramLabel = "TABLE",
      arity = "0..1",
      fallbackValue = "traffic",
      description =
          "Print one table as comma-separated values: ${COMPLETION-CANDIDATES}; traffic when none is named.")
  private @Nullable ReportTable csv;

  ReportCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    int senders = top == null ? 20 : top;
    if (senders < 1 || senders > 1000) {
      throw CommandFailure.usage("--top takes a number from 1 to 1000");
    }
    if (top != null && (csv != null || wantsJson())) {
      throw CommandFailure.usage(
          "--top is for people; --csv=senders and --json have every sender that is listed: leave --top out");
    }
    if (csv != null && wantsJson()) {
      throw CommandFailure.usage("--csv and --json are two forms of one report; leave one out");
    }
    Path earlier = since;
    Report before = earlier == null ? null : read(earlier);
    ApiReply reply = api.get("/api/v1/report");
    Report now = ReportReader.of(reply.json());
    Report shown = before == null ? now : difference(before, now);
    ReportTable table = csv;
    if (table != null) {
      table.csv(shown).forEach(context().out()::println);
    } else if (!printedJson(before == null ? reply.body() : ReportJson.of(shown).toString())) {
      new ReportText(shown, senders).lines(context().columns()).forEach(this::print);
    }
    return 0;
  }

  private static Report difference(Report before, Report now) throws CommandFailure {
    try {
      return now.since(before);
    } catch (NotComparableException not) {
      throw CommandFailure.failed(String.valueOf(not.getMessage()));
    }
  }

  private static Report read(Path file) throws CommandFailure {
    try {
      if (Files.size(file) > MOST_OCTETS) {
        throw CommandFailure.usage(file + " is too long to be a report: 64 MiB at most");
      }
      return ReportReader.of(new JsonMapper().readTree(Files.readString(file)));
    } catch (IOException unreadable) {
      throw CommandFailure.usage(
          "cannot read %s; make one with: posthouse report --json > %s".formatted(file, file));
    } catch (JacksonException | BadQuestionException bad) {
      throw CommandFailure.usage(
          "%s is no report; make one with: posthouse report --json > %s".formatted(file, file));
    }
  }
}
