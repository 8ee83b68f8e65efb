package io.posthouse.admin;

import io.posthouse.door.BadQuestionException;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Spelled;
import io.posthouse.path.Attempt;
import io.posthouse.path.PathFinding;
import io.posthouse.path.PathTester;
import io.posthouse.path.Vip;
import io.posthouse.path.WalkedWay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a path test found, as JSON. */
final class PathJson {
  private PathJson() {}

  /** What there is to try. */
  static ObjectNode of(PathTester.Plan plan) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode servers = json.putArray("virtual-servers");
    for (PathTester.ServerPlan each : plan.servers()) {
      ArrayNode pools = servers.addObject().put("name", each.name()).putArray("pools");
      each.pools().forEach(pools::add);
    }
    ArrayNode pools = json.putArray("pools");
    for (PathTester.PoolPlan pool : plan.pools()) {
      ArrayNode members = pools.addObject().put("name", pool.name()).putArray("members");
      pool.members()
          .forEach(each -> members.addObject().put("name", each.name()).put("ways", each.ways()));
    }
    return json;
  }

  /** Tries what a query names: a virtual server, or a pool and perhaps one of its members. */
  static ObjectNode asked(Map<String, String> query, PathTester tester) {
    String server = query.get("server");
    String pool = query.get("pool");
    if (!Set.of("server", "pool", "member").containsAll(query.keySet())
        || (server == null) == (pool == null)
        || (server != null && query.containsKey("member"))) {
      throw new BadQuestionException("name a server, or a pool and perhaps a member, in the query");
    }
    return server != null
        ? of(tester.server(server))
        : of(tester.members(String.valueOf(pool), query.get("member")));
  }

  private static ObjectNode of(PathTester.Members members) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode ways = json.putArray("ways");
    for (WalkedWay each : members.ways()) {
      ObjectNode way = ways.addObject();
      way.put("pool", each.way().pool().name()).put("member", each.way().member().name());
      way.put("address", each.way().address().toString());
      way.put("from", each.way().from().toString());
      if (each.source() != null) {
        way.put("source", IpAddress.text(each.source())).put("where", each.at().phrase());
      }
      each.way().who().forEach(way.putArray("for")::add);
      put(way, each.attempt());
    }
    return with(json, members.findings());
  }

  private static ObjectNode of(PathTester.Vips vips) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode addresses = json.putArray("addresses");
    for (Vip each : vips.addresses()) {
      ObjectNode vip = addresses.addObject();
      vip.put("listen", each.listen().toString()).put("listening", each.bound() != null);
      vip.put("where", each.at().phrase());
      if (each.attempt() != null) {
        put(vip, each.attempt());
      }
    }
    return with(json, vips.findings());
  }

  static void put(ObjectNode to, Attempt attempt) {
    to.put("outcome", Spelled.of(attempt.end()));
    to.put("connect-ms", millis(attempt.connect()));
    to.put("waited-ms", millis(attempt.waited()));
    to.put("said", attempt.said());
  }

  private static double millis(Duration time) {
    return Math.round(time.toNanos() / 10_000.0) / 100.0;
  }

  private static ObjectNode with(ObjectNode json, List<PathFinding> findings) {
    ArrayNode all = json.putArray("findings");
    findings.forEach(each ->
        all.addObject()
            .put("finding", Spelled.of(each.kind()))
            .put("of", each.subject())
            .put("problem", each.problem())
            .put("remedy", each.remedy()));
    return json;
  }
}
