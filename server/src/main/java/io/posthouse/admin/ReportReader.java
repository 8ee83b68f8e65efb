package io.posthouse.admin;

import io.posthouse.door.BadQuestionException;
import io.posthouse.model.IpAddress;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.report.MemberWeight;
import io.posthouse.report.Report;
import io.posthouse.report.SenderCount;
import io.posthouse.report.SenderKey;
import io.posthouse.report.ServedClass;
import io.posthouse.report.Traffic;
import io.posthouse.report.TrafficKey;
import io.posthouse.report.TrafficSums;
import java.net.InetAddress;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Makes a report of what {@link ReportJson} made of it. */
public final class ReportReader {
  private ReportReader() {}

  /**
   * The report.
   *
   * @throws BadQuestionException when it is none
   */
  public static Report of(JsonNode json) {
    try {
      return new Report(
          instant(json, "started"),
          instant(json, "from"),
          instant(json, "until"),
          served(json),
          members(json),
          new Traffic(sums(json), senders(json), number(json, "unlisted-at-most")));
    } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException bad) {
      throw new BadQuestionException("it is no report: " + bad.getMessage());
    }
  }

  private static List<ServedClass> served(JsonNode json) {
    List<ServedClass> served = new ArrayList<>();
    for (JsonNode each : array(json, "served")) {
      served.add(
          new ServedClass(
              text(each, "virtual-server"),
              Mode.valueOf(text(each, "mode").toUpperCase(Locale.ROOT)),
              text(each, "class"),
              text(each, "pool"),
              instant(each, "since"),
              number(each, "links")));
    }
    return served;
  }

  private static List<MemberWeight> members(JsonNode json) {
    List<MemberWeight> members = new ArrayList<>();
    for (JsonNode each : array(json, "members")) {
      members.add(
          new MemberWeight(
              text(each, "pool"),
              text(each, "member"),
              Math.toIntExact(number(each, "weight")),
              Math.toIntExact(number(each, "priority"))));
    }
    return members;
  }

  private static Map<TrafficKey, TrafficSums> sums(JsonNode json) {
    Map<TrafficKey, TrafficSums> sums = new HashMap<>();
    for (JsonNode each : array(json, "traffic")) {
      String source = text(each, "source");
      sums.put(
          new TrafficKey(
              text(each, "virtual-server"),
              text(each, "class"),
              text(each, "pool"),
              text(each, "member"),
              source.equals(ReportJson.CLIENT) ? null : address(source)),
          new TrafficSums(
              number(each, "accepted"),
              number(each, "refused"),
              number(each, "failed-tries"),
              number(each, "recipients"),
              number(each, "links"),
              number(each, "octets")));
    }
    return sums;
  }

  private static List<SenderCount> senders(JsonNode json) {
    List<SenderCount> senders = new ArrayList<>();
    for (JsonNode each : array(json, "senders")) {
      senders.add(
          new SenderCount(
              new SenderKey(
                  address(text(each, "client")),
                  text(each, "virtual-server"),
                  text(each, "class"),
                  text(each, "pool")),
              number(each, "at-least"),
              number(each, "at-most")));
    }
    return senders;
  }

  private static InetAddress address(String text) {
    return IpAddress.parse(text)
        .orElseThrow(() -> new IllegalArgumentException("an address is wrong"));
  }

  private static Instant instant(JsonNode json, String key) {
    return Instant.parse(text(json, key));
  }

  private static String text(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isString()) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value.asString();
  }

  private static long number(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value.asLong();
  }

  private static JsonNode array(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isArray()) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value;
  }
}
