package io.posthouse.cli;

import io.posthouse.admin.ReportJson;
import io.posthouse.model.IpAddress;
import io.posthouse.report.ClassSum;
import io.posthouse.report.MemberShare;
import io.posthouse.report.Quiet;
import io.posthouse.report.Report;
import io.posthouse.report.SenderCount;
import io.posthouse.report.Sticking;
import io.posthouse.report.TrafficSums;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report, in words and tables. */
final class ReportText {
  private final Report report;
  private final int top;

  /** With so many senders. */
  ReportText(Report report, int top) {
    this.report = report;
    this.top = top;
  }

  /** All of it, wrapped to a width; 0: not wrapped. */
  List<String> lines(int columns) {
    List<String> lines = new ArrayList<>();
    lines.add(head());
    lines.add("");
    for (Table each : List.of(traffic(), classes(), members(), senders())) {
      if (!each.isEmpty()) {
        lines.addAll(each.lines(columns));
        lines.add("");
      }
    }
    if (report.traffic().unlisted() > 0) {
      lines.add(
          "more clients than are told apart: one that is not listed brought %d at most"
              .formatted(report.traffic().unlisted()));
    }
    report.sticking().forEach(each -> lines.add(sticking(each)));
    report.quiet().forEach(each -> lines.add(quiet(each)));
    return lines;
  }

  private String head() {
    boolean whole = report.from().equals(report.started());
    return "Counted since %s, %s %s; WORK is messages, in mode tcp links"
        .formatted(
            seconds(report.from()),
            whole ? "the start of Posthouse," : "the earlier report,",
            ago(report.from()));
  }

  private Table traffic() {
    Table table =
        new Table(
            "VIRTUAL SERVER",
            "CLASS",
            "SOURCE",
            "MEMBER",
            "ACCEPTED",
            "REFUSED",
            "FAILED TRIES",
            "RECIPIENTS",
            "LINKS",
            "OCTETS");
    report.traffic().sums().entrySet().stream()
        .filter(each -> !each.getValue().equals(TrafficSums.NONE))
        .sorted(Map.Entry.comparingByKey(ReportJson.ORDER))
        .forEach(each -> {
          TrafficSums sums = each.getValue();
          table.row(
              each.getKey().server(),
              each.getKey().clientClass(),
              ReportJson.source(each.getKey()),
              each.getKey().pool() + "/" + each.getKey().member(),
              text(sums.accepted()),
              text(sums.refused()),
              text(sums.failedTries()),
              text(sums.recipients()),
              text(sums.links()),
              text(sums.octets()));
        });
    return table;
  }

  private Table classes() {
    Table table = new Table("CLASS", "ACCEPTED", "REFUSED", "LINKS", "OCTETS", "SHARE");
    for (ClassSum each : report.byClass()) {
      table.row(
          each.clientClass(),
          text(each.sums().accepted()),
          text(each.sums().refused()),
          text(each.sums().links()),
          text(each.sums().octets()),
          percent(each.share()));
    }
    return table;
  }

  /** Shares of priority groups that had no work say nothing. */
  private Table members() {
    Table table =
        new Table("MEMBER", "PRIORITY", "WEIGHT", "WORK", "SHARE", "BY WEIGHT", "DIFFERENCE");
    List<MemberShare> shares = report.shares();
    for (MemberShare each : shares) {
      boolean worked =
          shares.stream()
              .filter(other -> other.member().pool().equals(each.member().pool()))
              .filter(other -> other.member().priority() == each.member().priority())
              .anyMatch(other -> other.sums().work() > 0);
      table.row(
          each.member().pool() + "/" + each.member().member(),
          text(each.member().priority()),
          text(each.member().weight()),
          text(each.sums().work()),
          worked ? percent(each.share()) : "-",
          percent(each.weightShare()),
          worked ? difference(each.share() - each.weightShare()) : "-");
    }
    return table;
  }

  private Table senders() {
    Table table = new Table("TOP SENDER", "VIRTUAL SERVER", "CLASS", "POOL", "WORK", "SHARE");
    for (SenderCount each : report.traffic().senders().stream().limit(top).toList()) {
      long all = report.workOf(each.key().server());
      table.row(
          IpAddress.text(each.key().client()),
          each.key().server(),
          each.key().clientClass(),
          each.key().pool(),
          range(text(each.least()), text(each.most())),
          range(percent(Report.part(each.least(), all)), percent(Report.part(each.most(), all))));
    }
    return table;
  }

  private static String sticking(Sticking of) {
    return "pool %s: %s has %s of the work; if each client stayed with one member (source persistence), the busiest would have %s at least"
        .formatted(of.pool(), of.busiest(), percent(of.share()), percent(of.atLeast()));
  }

  private String quiet(Quiet of) {
    String who =
        of.clientClass().isEmpty()
            ? "virtual server " + of.server()
            : "class %s of virtual server %s".formatted(of.clientClass(), of.server());
    String links = of.links() == 1 ? "1 link" : of.links() + " links";
    String since = "since %s, %s".formatted(seconds(of.since()), ago(of.since()));
    return of.links() == 0
        ? "WARNING: %s had no traffic %s".formatted(who, since)
        : "WARNING: no work of %s has reached a member %s; %s let in".formatted(who, since, links);
  }

  private String ago(Instant since) {
    Duration ago = Duration.between(since, report.until());
    if (ago.toDays() > 0) {
      return "%d d %d h ago".formatted(ago.toDays(), ago.toHoursPart());
    } else if (ago.toHours() > 0) {
      return "%d h %d min ago".formatted(ago.toHours(), ago.toMinutesPart());
    }
    return "%d min %d s ago".formatted(ago.toMinutes(), ago.toSecondsPart());
  }

  /** Seconds are enough for people. */
  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String range(String least, String most) {
    return least.equals(most) ? most : least + " to " + most;
  }

  private static String text(long number) {
    return String.valueOf(number);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  private static String difference(double shares) {
    return String.format(Locale.ROOT, "%+.1f points", shares * 100);
  }
}
