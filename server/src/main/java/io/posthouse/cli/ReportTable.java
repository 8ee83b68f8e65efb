package io.posthouse.cli;

import io.posthouse.admin.ReportJson;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Spelled;
import io.posthouse.report.ClassSum;
import io.posthouse.report.MemberShare;
import io.posthouse.report.Report;
import io.posthouse.report.SenderCount;
import io.posthouse.report.TrafficKey;
import io.posthouse.report.TrafficSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of a report, for programs: one line each, with commas (RFC 4180). */
enum ReportTable implements Spelled {
  /** By virtual server, class, source address and member. */
  TRAFFIC("virtual-server,class,source,pool,member," + Sums.HEADS),
  /** By class. */
  CLASSES("class," + Sums.HEADS + ",share"),
  /** By member, against its weight. */
  MEMBERS("pool,member,weight,priority," + Sums.HEADS + ",share,weight-share"),
  /** The clients that send most. */
  SENDERS("client,virtual-server,class,pool,at-least,at-most,share");

  /** What an enum's constants cannot have before them. */
  private static final class Sums {
    private static final String HEADS = "accepted,refused,failed-tries,recipients,links,octets";
  }

  private final String heads;

  ReportTable(String heads) {
    this.heads = heads;
  }

  @Override
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return spelling();
  }

  /** The lines, the names of the columns first. */
  List<String> csv(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add(heads);
    rows(report).forEach(row -> lines.add(line(row)));
    return lines;
  }

  private Stream<Stream<String>> rows(Report report) {
    return switch (this) {
      case TRAFFIC ->
          report.traffic().sums().entrySet().stream()
              .sorted(Map.Entry.comparingByKey(ReportJson.ORDER))
              .map(each -> way(each.getKey(), each.getValue()));
      case CLASSES -> report.byClass().stream().map(ReportTable::classSum);
      case MEMBERS -> report.shares().stream().map(ReportTable::member);
      case SENDERS -> report.traffic().senders().stream().map(each -> sender(report, each));
    };
  }

  private static Stream<String> way(TrafficKey way, TrafficSums sums) {
    return Stream.concat(
        Stream.of(
            way.server(), way.clientClass(), ReportJson.source(way), way.pool(), way.member()),
        numbers(sums));
  }

  private static Stream<String> classSum(ClassSum each) {
    return Stream.of(
            Stream.of(each.clientClass()), numbers(each.sums()), Stream.of(part(each.share())))
        .flatMap(part -> part);
  }

  private static Stream<String> member(MemberShare each) {
    return Stream.of(
            Stream.of(
                each.member().pool(),
                each.member().member(),
                String.valueOf(each.member().weight()),
                String.valueOf(each.member().priority())),
            numbers(each.sums()),
            Stream.of(part(each.share()), part(each.weightShare())))
        .flatMap(part -> part);
  }

  private static Stream<String> sender(Report report, SenderCount each) {
    return Stream.of(
        IpAddress.text(each.key().client()),
        each.key().server(),
        each.key().clientClass(),
        each.key().pool(),
        String.valueOf(each.least()),
        String.valueOf(each.most()),
        part(Report.part(each.least(), report.workOf(each.key().server()))));
  }

  private static Stream<String> numbers(TrafficSums sums) {
    return Stream.of(
            sums.accepted(),
            sums.refused(),
            sums.failedTries(),
            sums.recipients(),
            sums.links(),
            sums.octets())
        .map(String::valueOf);
  }

  private static String part(double share) {
    return String.format(Locale.ROOT, "%.4f", share);
  }

  private static String line(Stream<String> cells) {
    return cells.map(ReportTable::cell).collect(Collectors.joining(","));
  }

  private static String cell(String text) {
    return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
