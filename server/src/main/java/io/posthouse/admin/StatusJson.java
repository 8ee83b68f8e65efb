package io.posthouse.admin;

import io.posthouse.door.CertificateFacts;
import io.posthouse.door.ListStatus;
import io.posthouse.door.PortUse;
import io.posthouse.door.ProbeReport;
import io.posthouse.door.Status;
import io.posthouse.door.TlsStatus;
import io.posthouse.health.Pressure;
import io.posthouse.health.Sighting;
import io.posthouse.model.ClientClass;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Spelled;
import java.net.InetAddress;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The status as JSON: the contract of {@code status --json}, described by docs/status.schema.json.
 *
 * <p>Written out key by key, so that renaming a record component cannot change the contract.
 */
final class StatusJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private StatusJson() {}

  static ObjectNode of(Status status) {
    ObjectNode json = NODES.objectNode();
    json.put("generation", status.generation());
    json.put("started", status.started().toString());
    ArrayNode servers = json.putArray("virtual-servers");
    status.virtualServers().forEach(server -> servers.add(virtualServer(server)));
    ArrayNode pools = json.putArray("pools");
    status.pools().forEach(pool -> pools.add(pool(pool)));
    ArrayNode ports = json.putArray("source-ports");
    status.sourcePorts().forEach(use -> ports.add(ports(use)));
    ArrayNode lists = json.putArray("data-groups");
    for (ListStatus list : status.lists()) {
      ObjectNode group = lists.addObject();
      group.put("name", list.group());
      group.put("type", list.type());
      group.put("file", list.file());
      group.put("entries", list.entries());
      group.put("problem", list.problem());
    }
    return json;
  }

  /** One member with its pool's name and the dialogues of its last probes. */
  static ObjectNode of(NamedMember named) {
    ObjectNode json = NODES.objectNode().put("pool", named.pool().name());
    json.setAll(member(named.member()));
    json.set("probes", ProbeJson.withDialogue(named.member().probes()));
    return json;
  }

  private static ObjectNode virtualServer(Status.VirtualServerStatus server) {
    ObjectNode json = NODES.objectNode();
    json.put("name", server.name());
    json.put("mode", Spelled.of(server.mode()));
    json.put("state", Spelled.of(server.state()));
    json.put("effective-state", Spelled.of(server.effective()));
    json.put("reason", server.reason());
    json.put("since", server.since().toString());
    json.put("pool", server.pool());
    ArrayNode listening = json.putArray("listening");
    server.listening().stream().map(Endpoint::toString).forEach(listening::add);
    TlsStatus tls = server.tls();
    if (tls != null) {
      json.set("tls", tls(tls));
    }
    Status.LinkCounts links = server.links();
    json.putObject("links")
        .put("open", links.open())
        .put("total", links.total())
        .put("refused", links.refused())
        .put("of-no-class", links.ofNoClass())
        .put("not-believed", links.notBelieved())
        .put("failed", links.failed())
        .put("bytes-in", links.bytesIn())
        .put("bytes-out", links.bytesOut());
    ArrayNode classes = json.putArray("classes");
    server.classes().forEach(each -> classes.add(classStatus(each)));
    ArrayNode edge = json.putArray("edge-checks");
    server.edgeChecks().forEach(each -> edge.add(edgeStatus(each)));
    ArrayNode rules = json.putArray("rules");
    for (Status.RuleStatus each : server.rules()) {
      rules
          .addObject()
          .put("name", each.name())
          .put("at", Spelled.of(each.at()))
          .put("then", each.then())
          .put("dry-run", each.dryRun())
          .put("fired", each.fired())
          .put("failed", each.failed());
    }
    return json;
  }

  private static ObjectNode edgeStatus(Status.EdgeStatus of) {
    return NODES
        .objectNode()
        .put("check", of.check())
        .put("list", of.list())
        .put("asked", of.asked())
        .put("matched", of.matched())
        .put("unanswered", of.unanswered())
        .put("refusals", of.refusals());
  }

  private static ObjectNode classStatus(Status.ClassStatus of) {
    ObjectNode json = NODES.objectNode();
    json.put("name", of.name());
    json.put("pool", of.pool());
    json.put("links-open", of.open());
    json.put("links", of.links());
    json.put("refused-links", of.refusedLinks());
    json.put("messages", of.messages());
    json.put("refused-messages", of.refusedMessages());
    json.put("refused-recipients", of.refusedRecipients());
    ClientClass.Limits limits = of.limits();
    json.putObject("limits")
        .put("connections", limits.connections())
        .put("connections-per-client", limits.connectionsPerClient())
        .put("messages-per-minute", limits.messagesPerMinute())
        .put("messages-per-minute-per-client", limits.messagesPerMinutePerClient());
    return json;
  }

  private static ObjectNode tls(TlsStatus tls) {
    ObjectNode json = NODES.objectNode();
    json.put("mode", tls.mode());
    json.put("engine", tls.engine());
    json.put("problem", tls.problem());
    ArrayNode certificates = json.putArray("certificates");
    for (CertificateFacts each : tls.certificates()) {
      ObjectNode one = certificates.addObject();
      one.put("file", each.file());
      ArrayNode names = one.putArray("names");
      each.names().forEach(names::add);
      one.put("issuer", each.issuer());
      one.put("not-after", each.notAfter().toString());
    }
    return json;
  }

  private static ObjectNode pool(Status.PoolStatus pool) {
    ObjectNode json = NODES.objectNode();
    json.put("name", pool.name());
    json.put("state", Spelled.of(pool.state()));
    json.put("effective-state", Spelled.of(pool.effective()));
    json.put("reason", pool.reason());
    json.put("since", pool.since().toString());
    json.put("tls", Spelled.of(pool.tls()));
    json.put("waiting", pool.waiting());
    ArrayNode members = json.putArray("members");
    pool.members().forEach(member -> members.add(member(member)));
    return json;
  }

  private static ObjectNode member(Status.MemberState member) {
    ObjectNode json = NODES.objectNode();
    json.put("name", member.name());
    json.put("address", member.address().toString());
    json.put("state", Spelled.of(member.state()));
    json.put("effective-state", Spelled.of(member.effective()));
    json.put("ramping", member.ramping());
    json.put("reason", member.reason());
    json.put("since", member.since().toString());
    json.put("weight", member.weight());
    ObjectNode pressure = json.putObject("pressure");
    pressure.set("inside", pressure(member.inside()));
    pressure.set("outside", pressure(member.outside()));
    json.put("priority", member.priority());
    json.put("connections", member.connections());
    json.put("total-connections", member.totalConnections());
    json.put("connect-failures", member.connectFailures());
    json.put("response-time-ms", member.responseNanos() / 1_000_000.0);
    ArrayNode offers = json.putArray("offers");
    member.offers().forEach(offers::add);
    ArrayNode sources = json.putArray("sources");
    member.sources().forEach(each -> sources.add(source(each)));
    List<ProbeReport> probes = member.probes();
    json.set("probes", ProbeJson.withoutDialogue(probes));
    return json;
  }

  private static ObjectNode source(Sighting sighting) {
    ObjectNode json = NODES.objectNode();
    json.put("source", sighting.source().toString());
    InetAddress local = sighting.local();
    if (local != null) {
      json.put("address", IpAddress.text(local));
    }
    InetAddress seen = sighting.seen();
    if (seen != null) {
      json.put("seen", IpAddress.text(seen));
    }
    json.put("problem", sighting.problem());
    return json;
  }

  private static ObjectNode ports(PortUse use) {
    ObjectNode json = NODES.objectNode();
    json.put("source", use.source());
    json.put("member", use.member().toString());
    json.put("used", use.used());
    json.put("capacity", use.capacity());
    if (use.exhaustedIn() != null) {
      json.put("exhausted-in-ms", use.exhaustedIn().toMillis());
    }
    return json;
  }

  private static ObjectNode pressure(Pressure pressure) {
    ObjectNode json = NODES.objectNode();
    json.put("weight-share", pressure.share());
    json.put("refused", pressure.refused());
    json.put("messages", pressure.messages());
    json.put("out-for-ms", pressure.outFor().toMillis());
    json.put("last-reply", pressure.last());
    return json;
  }
}
