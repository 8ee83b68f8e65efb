package io.posthouse.admin;

import io.posthouse.door.Entrance;
import io.posthouse.door.Why;
import io.posthouse.door.Why.LimitUse;
import io.posthouse.door.Why.OfServer;
import io.posthouse.door.Why.Outlook;
import io.posthouse.model.ClientClass;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Persistence;
import io.posthouse.model.Spelled;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.Entry;
import io.posthouse.policy.Explanation;
import io.posthouse.policy.Explanation.Admission;
import io.posthouse.policy.RelayVerdict;
import io.posthouse.policy.Source;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The answer to {@code posthouse why} as JSON: a contract, in docs/openapi.yaml. */
final class WhyJson {
  private WhyJson() {}

  static ObjectNode of(Why why) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("client", IpAddress.text(why.question().client()));
    if (why.question().sender() != null) {
      json.put("sender", why.question().sender());
    }
    if (why.question().recipient() != null) {
      json.put("recipient", why.question().recipient());
    }
    if (why.generation() > 0) {
      json.put("generation", why.generation());
    }
    json.put("accepted", why.servers().stream().anyMatch(WhyJson::isAccepted));
    ArrayNode servers = json.putArray("virtual-servers");
    why.servers().forEach(server -> servers.add(server(server)));
    return json;
  }

  /** Whether the client is let in, and neither the recipient nor the client refused later. */
  private static boolean isAccepted(OfServer of) {
    Entrance entrance = of.entrance();
    RelayVerdict relay = entrance == null ? null : entrance.served().relay();
    boolean refused = relay != null && relay.answer() == RelayVerdict.Answer.REFUSED;
    boolean ruledOut = entrance != null && entrance.rules().refuses();
    return of.isAdmitted() && !refused && !ruledOut;
  }

  private static ObjectNode server(OfServer of) {
    Explanation explanation = of.explanation();
    VirtualServer server = explanation.server();
    Admission admission = explanation.admission();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", server.name());
    json.put("mode", Spelled.of(server.mode()));
    ArrayNode listen = json.putArray("listen");
    server.listen().forEach(address -> listen.add(address.toString()));
    json.put("verdict", of.isAdmitted() ? "admitted" : "refused");
    json.put("reason", admission == null ? "it is of no client class" : of.obstacle());
    ArrayNode missed = json.putArray("missed");
    for (ClientClass each : explanation.missed()) {
      ArrayNode from = missed.addObject().put("class", each.name()).putArray("from");
      each.from().forEach(from::add);
    }
    json.putObject("believe")
        .put("proxy-expected", explanation.believed().proxyExpected())
        .put("proxy", explanation.believed().proxy())
        .put("xclient", explanation.believed().xclient());
    Entrance entrance = of.entrance();
    if (admission != null && entrance != null) {
      entry(json, admission);
      admission(json, of, entrance.served());
      EntranceJson.add(json, entrance);
    }
    return json;
  }

  private static void entry(ObjectNode json, Admission admission) {
    ObjectNode in = json.putObject("class");
    in.put("name", admission.settings().name()).put("group", admission.group());
    entry(in, admission.entry());
  }

  private static void admission(ObjectNode json, OfServer of, Admission admission) {
    ClientClass settings = admission.settings();
    json.put("treated-as", settings.name());
    json.put("pool", admission.pool().name());
    json.put("balance", Spelled.of(admission.pool().balance()));
    json.put("persistence", persistence(of.explanation().server(), settings));
    json.set("source", source(admission));
    json.put("announce", Spelled.of(admission.pool().announce()));
    json.put("tls", Spelled.of(settings.tls())).put("auth", Spelled.of(settings.auth()));
    ArrayNode limits = json.putArray("limits");
    of.limits().forEach(limit -> limits.add(limit(limit)));
    ArrayNode members = json.putArray("members");
    of.members().forEach(member -> members.add(member(member)));
    if (of.scope() != null) {
      json.put("scope", Spelled.of(of.scope()));
    }
    ObjectNode relay = json.putObject("relay");
    relay.put("right", settings.relay());
    relay.put("after-auth", settings.relayAfterAuthInEffect());
    RelayVerdict verdict = admission.relay();
    if (verdict != null) {
      relay.put("verdict", Spelled.of(verdict.answer())).put("reason", verdict.reason());
      entry(relay, verdict.entry());
    }
  }

  private static void entry(ObjectNode json, @Nullable Entry entry) {
    if (entry != null) {
      json.put("entry", entry.text()).put("place", entry.place());
    }
  }

  private static String persistence(VirtualServer server, ClientClass of) {
    ClientClass.ClassPersistence own = of.persistence();
    Persistence its = own == null ? server.persistence() : own.settings();
    return its == null ? "none" : Spelled.of(its.by());
  }

  private static ObjectNode source(Admission of) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("snat", of.settings().snat());
    json.put(
        "by",
        switch (of.sources().by()) {
          case Source.Automap _ -> "kernel";
          case Source.Transparent _ -> "client";
          case Source.Listed _ -> "address";
        });
    address(json, "ipv4", of.sources().ipv4());
    address(json, "ipv6", of.sources().ipv6());
    return json;
  }

  private static void address(ObjectNode json, String key, @Nullable InetAddress address) {
    if (address != null) {
      json.put(key, IpAddress.text(address));
    }
  }

  private static ObjectNode limit(LimitUse of) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("key", of.key()).put("most", of.most());
    if (of.now() >= 0) {
      json.put("now", of.now());
    }
    return json;
  }

  private static ObjectNode member(Outlook of) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", of.name());
    json.put("address", of.address().toString());
    json.put("state", Spelled.of(of.state()));
    json.put("effective-state", Spelled.of(of.effective()));
    json.put("turn", of.turn());
    json.put("why", of.why());
    address(json, "source", of.source());
    return json;
  }
}
