package io.posthouse.admin;

import io.posthouse.door.ProbeReport;
import io.posthouse.health.CertificateChain;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.Sighting;
import io.posthouse.model.Spelled;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Probes as JSON, with or without every line that was said. */
final class ProbeJson {
  private ProbeJson() {}

  static ArrayNode withDialogue(List<ProbeReport> reports) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (ProbeReport report : reports) {
      ObjectNode probe = probe(report);
      ArrayNode dialogue = probe.putArray("dialogue");
      for (ProbeReport.Line line : report.dialogue()) {
        dialogue
            .addObject()
            .put("direction", Spelled.of(line.direction()))
            .put("text", line.text());
      }
      json.add(probe);
    }
    return json;
  }

  static ArrayNode withoutDialogue(List<ProbeReport> reports) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    reports.forEach(report -> json.add(probe(report)));
    return json;
  }

  private static ObjectNode probe(ProbeReport report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("monitor", report.monitor());
    Sighting sighting = report.sighting();
    if (sighting != null) {
      json.put("source", sighting.source().toString());
    }
    json.put("at", report.at().toString());
    json.put("took-ms", report.took().toNanos() / 1_000_000.0);
    switch (report.result()) {
      case ProbeResult.Passed _ -> json.put("result", "passed");
      case ProbeResult.Failed failed ->
          json.put("result", "failed").put("step", Spelled.of(failed.step()));
      case ProbeResult.Pressure pressure ->
          json.put("result", "pressure")
              .put("step", Spelled.of(pressure.step()))
              .put("scope", Spelled.of(pressure.scope()));
      case ProbeResult.Inconclusive unsure ->
          json.put("result", "inconclusive").put("step", Spelled.of(unsure.step()));
    }
    json.put("reason", report.result().reason());
    CertificateChain certificates = report.certificates();
    if (certificates != null) {
      json.put("certificate-expires", certificates.expires().toString());
      json.set("certificates", certificates(certificates, report.at()));
    }
    return json;
  }

  private static ObjectNode certificates(CertificateChain shown, Instant at) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("days-left", shown.daysLeft(at));
    json.put("issuer-trusted", shown.issuerTrusted());
    json.put("name-fits", shown.nameFits());
    json.put("key-pinned", shown.keyPinned());
    json.put("problem", shown.problem());
    ArrayNode chain = json.putArray("chain");
    for (CertificateChain.Certificate each : shown.certificates()) {
      ObjectNode one = chain.addObject();
      one.put("subject", each.subject());
      one.put("issuer", each.issuer());
      each.names().forEach(one.putArray("names")::add);
      one.put("not-after", each.notAfter().toString());
    }
    return json;
  }
}
