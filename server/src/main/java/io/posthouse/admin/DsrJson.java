package io.posthouse.admin;

import io.posthouse.door.BadQuestionException;
import io.posthouse.dsr.Behind;
import io.posthouse.dsr.CheckSeen.Answer;
import io.posthouse.dsr.ClaimsSeen;
import io.posthouse.dsr.DsrChecker;
import io.posthouse.dsr.DsrChecker.Checked;
import io.posthouse.dsr.DsrFinding;
import io.posthouse.dsr.ServerSeen;
import io.posthouse.dsr.VipSeen;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Spelled;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a check of servers of mode dsr found, as JSON. */
final class DsrJson {
  private DsrJson() {}

  /** What there is to check. */
  static ObjectNode of(List<Behind> plan) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode servers = json.putArray("virtual-servers");
    Map<String, ArrayNode> members = new LinkedHashMap<>();
    plan.forEach(each ->
        members
            .computeIfAbsent(
                each.server().name(),
                name -> servers.addObject().put("name", name).putArray("members"))
            .add(each.member().name()));
    return json;
  }

  /** Checks what a query names: a virtual server, perhaps one of its members, and a client. */
  static ObjectNode asked(Map<String, String> query, DsrChecker checker) {
    String server = query.get("server");
    if (server == null || !Set.of("server", "member", "client").containsAll(query.keySet())) {
      throw new BadQuestionException("name a server, perhaps a member and a client, in the query");
    }
    InetAddress client = null;
    String text = query.get("client");
    if (text != null) {
      client =
          IpAddress.parse(text)
              .orElseThrow(() -> new BadQuestionException("client is not an IP address"));
    }
    return of(server, checker.check(server, query.get("member"), client));
  }

  private static ObjectNode of(String server, Checked checked) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", server).put("device", checked.device()).put("mtu", checked.mtu());
    ArrayNode servers = json.putArray("members");
    checked.servers().forEach(each -> put(servers.addObject(), each));
    ArrayNode vips = json.putArray("vips");
    for (ClaimsSeen each : checked.claims()) {
      ObjectNode vip = vips.addObject();
      vip.put("vip", IpAddress.text(each.vip())).put("here", each.here());
      ArrayNode others = vip.putArray("others");
      each.macs().stream().sorted().forEach(others::add);
      if (each.unasked() != null) {
        vip.put("not-asked", each.unasked());
      }
    }
    ArrayNode findings = json.putArray("findings");
    checked.findings().forEach(each -> put(findings.addObject(), each));
    checked.notes().forEach(json.putArray("notes")::add);
    return json;
  }

  private static void put(ObjectNode to, ServerSeen seen) {
    to.put("member", seen.server().member().name());
    to.put("address", seen.server().member().address().toString());
    to.put("beside", seen.beside());
    if (seen.mac() != null) {
      to.put("mac", seen.mac());
    }
    PathJson.put(to.putObject("own"), seen.own());
    ArrayNode vips = to.putArray("through");
    for (VipSeen each : seen.vips()) {
      ObjectNode vip = vips.addObject().put("vip", IpAddress.text(each.vip()));
      PathJson.put(vip, each.attempt());
      vip.put("came-back", each.back());
      ArrayNode answers = vip.putArray("answers");
      for (Answer answer : each.answers()) {
        answers.addObject().put("mac", answer.mac()).put("source", IpAddress.text(answer.source()));
      }
    }
  }

  private static void put(ObjectNode to, DsrFinding finding) {
    to.put("finding", Spelled.of(finding.kind()));
    to.put("severity", Spelled.of(finding.kind().severity()));
    to.put("of", finding.subject());
    to.put("problem", finding.problem());
    to.put("clients", finding.clients());
    to.put("remedy", finding.remedy());
  }
}
