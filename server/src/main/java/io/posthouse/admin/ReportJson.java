package io.posthouse.admin;

import io.posthouse.model.IpAddress;
import io.posthouse.model.Spelled;
import io.posthouse.report.ClassSum;
import io.posthouse.report.MemberShare;
import io.posthouse.report.Quiet;
import io.posthouse.report.Report;
import io.posthouse.report.SenderCount;
import io.posthouse.report.ServedClass;
import io.posthouse.report.Sticking;
import io.posthouse.report.TrafficKey;
import io.posthouse.report.TrafficSums;
import java.util.Comparator;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The report as JSON: a contract, in docs/openapi.yaml. What was counted is in it, from which
 * {@link ReportReader} makes the report again, and what it means.
 */
public final class ReportJson {
  /** What stands for a source address that is each client's own. */
  static final String CLIENT = "client";

  private ReportJson() {}

  /** All of it. */
  public static ObjectNode of(Report report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("started", report.started().toString());
    json.put("from", report.from().toString());
    json.put("until", report.until().toString());
    counted(json, report);
    told(json, report);
    return json;
  }

  private static void counted(ObjectNode json, Report report) {
    var traffic = json.putArray("traffic");
    report.traffic().sums().entrySet().stream()
        .sorted(Map.Entry.comparingByKey(ORDER))
        .forEach(each -> way(traffic.addObject(), each.getKey(), each.getValue()));
    var senders = json.putArray("senders");
    for (SenderCount each : report.traffic().senders()) {
      senders
          .addObject()
          .put("client", IpAddress.text(each.key().client()))
          .put("virtual-server", each.key().server())
          .put("class", each.key().clientClass())
          .put("pool", each.key().pool())
          .put("at-least", each.least())
          .put("at-most", each.most())
          .put("share", Report.part(each.least(), report.workOf(each.key().server())));
    }
    json.put("unlisted-at-most", report.traffic().unlisted());
    var served = json.putArray("served");
    for (ServedClass each : report.classes()) {
      served
          .addObject()
          .put("virtual-server", each.server())
          .put("mode", Spelled.of(each.mode()))
          .put("class", each.clientClass())
          .put("pool", each.pool())
          .put("since", each.since().toString())
          .put("links", each.links());
    }
  }

  /** The order of ways: as they are written. */
  public static final Comparator<TrafficKey> ORDER =
      Comparator.comparing(TrafficKey::server)
          .thenComparing(TrafficKey::clientClass)
          .thenComparing(ReportJson::source)
          .thenComparing(TrafficKey::pool)
          .thenComparing(TrafficKey::member);

  /** The source address of a way, as it is written. */
  public static String source(TrafficKey way) {
    return way.source() == null ? CLIENT : IpAddress.text(way.source());
  }

  private static void way(ObjectNode json, TrafficKey way, TrafficSums its) {
    json.put("virtual-server", way.server());
    json.put("class", way.clientClass());
    json.put("source", source(way));
    json.put("pool", way.pool());
    json.put("member", way.member());
    sums(json, its);
  }

  private static void sums(ObjectNode json, TrafficSums its) {
    json.put("accepted", its.accepted());
    json.put("refused", its.refused());
    json.put("failed-tries", its.failedTries());
    json.put("recipients", its.recipients());
    json.put("links", its.links());
    json.put("octets", its.octets());
  }

  private static void told(ObjectNode json, Report report) {
    var classes = json.putArray("classes");
    for (ClassSum each : report.byClass()) {
      ObjectNode one = classes.addObject().put("class", each.clientClass());
      sums(one, each.sums());
      one.put("share", each.share());
    }
    var members = json.putArray("members");
    for (MemberShare each : report.shares()) {
      ObjectNode one = members.addObject();
      one.put("pool", each.member().pool()).put("member", each.member().member());
      one.put("weight", each.member().weight()).put("priority", each.member().priority());
      sums(one, each.sums());
      one.put("share", each.share()).put("weight-share", each.weightShare());
    }
    var quiet = json.putArray("quiet");
    for (Quiet each : report.quiet()) {
      quiet
          .addObject()
          .put("virtual-server", each.server())
          .put("class", each.clientClass())
          .put("since", each.since().toString())
          .put("links", each.links());
    }
    var sticking = json.putArray("source-persistence");
    for (Sticking each : report.sticking()) {
      sticking
          .addObject()
          .put("pool", each.pool())
          .put("busiest", each.busiest())
          .put("share", each.share())
          .put("at-least", each.atLeast());
    }
  }
}
