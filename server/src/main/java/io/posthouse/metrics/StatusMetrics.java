package io.posthouse.metrics;

import io.posthouse.door.CertificateFacts;
import io.posthouse.door.ListStatus;
import io.posthouse.door.PortUse;
import io.posthouse.door.ProbeReport;
import io.posthouse.door.Status;
import io.posthouse.door.TlsStatus;
import io.posthouse.health.Pressure;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.Sighting;
import io.posthouse.model.AdminState;
import io.prometheus.metrics.model.snapshots.Labels;

/** Virtual servers, pools, members and probes as metrics. */
final class StatusMetrics {
  private final Families families;

  private StatusMetrics(Families families) {
    this.families = families;
  }

  static void add(Families families, Status status) {
    StatusMetrics metrics = new StatusMetrics(families);
    status.virtualServers().forEach(metrics::virtualServer);
    status.pools().forEach(metrics::pool);
    status.sourcePorts().forEach(metrics::ports);
    status.lists().forEach(metrics::list);
  }

  private void list(ListStatus list) {
    Labels labels = Labels.of("group", list.group());
    families.gauge(
        "posthouse_data_group_entries", "Entries of a data group in use", list.entries(), labels);
    families.gauge(
        "posthouse_data_group_problem",
        "1 while a changed list file cannot be used",
        list.problem().isEmpty() ? 0 : 1,
        labels);
  }

  private void virtualServer(Status.VirtualServerStatus server) {
    Labels labels = Labels.of("virtual_server", server.name());
    Status.LinkCounts links = server.links();
    families.states(
        "posthouse_virtual_server_state",
        "1 for the effective state that holds",
        server.effective(),
        labels);
    families.gauge(
        "posthouse_virtual_server_listeners",
        "Addresses that are bound now",
        server.listening().size(),
        labels);
    TlsStatus tls = server.tls();
    if (tls != null) {
      tls(labels, tls);
    }
    families.gauge("posthouse_links_open", "Links that are open now", links.open(), labels);
    families.counter("posthouse_links", "Links accepted", links.total(), labels);
    families.counter(
        "posthouse_links_refused",
        "Links refused because no member could take them or a limit was met",
        links.refused(),
        labels);
    families.counter(
        "posthouse_links_failed",
        "Links that ended by a reset or time-out of either side",
        links.failed(),
        labels);
    families.counter(
        "posthouse_link_received_bytes", "Octets from clients", links.bytesIn(), labels);
    families.counter("posthouse_link_sent_bytes", "Octets to clients", links.bytesOut(), labels);
    families.counter(
        "posthouse_links_of_no_class",
        "Links refused because their client is of no class",
        links.ofNoClass(),
        labels);
    families.counter(
        "posthouse_links_not_believed",
        "Links refused because their peer is not believed or sent no good PROXY header",
        links.notBelieved(),
        labels);
    server.classes().forEach(each -> ofClass(labels.add("class", each.name()), each));
    server.edgeChecks().forEach(each -> edgeCheck(labels, each));
    server.rules().forEach(each -> rule(labels.add("rule", each.name()), each));
  }

  private void edgeCheck(Labels server, Status.EdgeStatus of) {
    Labels labels = server.add("check", of.check());
    if (of.list().isEmpty()) {
      families.counter(
          "posthouse_edge_checked", "Clients that an edge check looked at", of.asked(), labels);
      families.counter("posthouse_edge_matched", "Clients that it matched", of.matched(), labels);
      families.counter(
          "posthouse_edge_unanswered",
          "Clients that passed it since DNS did not answer in time",
          of.unanswered(),
          labels);
      return;
    }
    Labels list = server.add("list", of.list());
    families.counter(
        "posthouse_dns_list_asked", "Clients that a list was asked for", of.asked(), list);
    families.counter(
        "posthouse_dns_list_listed", "Clients that it gave a score", of.matched(), list);
    families.counter(
        "posthouse_dns_list_unanswered",
        "Clients that it did not answer for in time, or was not asked for while it does not answer",
        of.unanswered(),
        list);
    families.counter(
        "posthouse_dns_list_refusals",
        "Times that it said that it does not talk to our resolver",
        of.refusals(),
        list);
  }

  private void rule(Labels labels, Status.RuleStatus rule) {
    families.counter(
        "posthouse_rule_fired", "Times that a rule's condition held", rule.fired(), labels);
    families.counter(
        "posthouse_rule_failed",
        "Times that a rule's condition could not be evaluated",
        rule.failed(),
        labels);
  }

  private void ofClass(Labels labels, Status.ClassStatus of) {
    families.gauge(
        "posthouse_class_links_open", "Links of the class that are open now", of.open(), labels);
    families.counter("posthouse_class_links", "Links of the class let in", of.links(), labels);
    families.counter(
        "posthouse_class_refused_links",
        "Links over a limit of the class",
        of.refusedLinks(),
        labels);
    families.counter(
        "posthouse_class_messages", "Messages begun, in mode smtp", of.messages(), labels);
    families.counter(
        "posthouse_class_refused_messages",
        "Messages over a limit of the class, or without the TLS or AUTH that it asks for",
        of.refusedMessages(),
        labels);
    families.counter(
        "posthouse_class_refused_recipients",
        "Recipients that the relay guard refused",
        of.refusedRecipients(),
        labels);
  }

  private void ports(PortUse use) {
    Labels labels = Labels.of("source", use.source(), "member", use.member().toString());
    families.gauge(
        "posthouse_source_ports_used",
        "Source ports held by connections from an address of ours to a member",
        use.used(),
        labels);
    families.gauge(
        "posthouse_source_ports_capacity",
        "Source ports that the kernel has for connections from one address to one member",
        use.capacity(),
        labels);
  }

  private void tls(Labels labels, TlsStatus tls) {
    families.gauge(
        "posthouse_certificate_problem",
        "1 while changed certificate files, or an OCSP response, cannot be used",
        tls.problem().isEmpty() ? 0 : 1,
        labels);
    for (CertificateFacts each : tls.certificates()) {
      families.gauge(
          "posthouse_certificate_expiry_timestamp_seconds",
          "When a certificate of ours ends, as Unix time",
          each.notAfter().getEpochSecond(),
          labels.add("certificate", each.file()));
    }
  }

  private void pool(Status.PoolStatus pool) {
    Labels labels = Labels.of("pool", pool.name());
    families.states(
        "posthouse_pool_state", "1 for the effective state that holds", pool.effective(), labels);
    families.gauge(
        "posthouse_pool_waiting_links",
        "Links that wait for a member with room",
        pool.waiting(),
        labels);
    families.gauge("posthouse_pool_members", "Members configured", pool.members().size(), labels);
    families.gauge(
        "posthouse_pool_usable_members",
        "Members that take new work: enabled, and up or unknown",
        pool.members().stream().filter(StatusMetrics::isUsable).count(),
        labels);
    pool.members().forEach(member -> member(pool.name(), member));
  }

  private static boolean isUsable(Status.MemberState member) {
    return member.state() == AdminState.ENABLED
        && switch (member.effective()) {
          case UNKNOWN, UP -> true;
          case PRESSURE, DOWN -> false;
        };
  }

  private void member(String pool, Status.MemberState member) {
    Labels labels = Labels.of("pool", pool, "member", member.name());
    families.states(
        "posthouse_member_state",
        "1 for the effective state that holds",
        member.effective(),
        labels);
    families.states(
        "posthouse_member_administrative_state",
        "1 for the state that the administrator set",
        member.state(),
        labels);
    families.gauge(
        "posthouse_member_ramping",
        "1 while its weight grows after a recovery",
        member.ramping() ? 1 : 0,
        labels);
    families.gauge("posthouse_member_weight", "Weight in the file", member.weight(), labels);
    weightShare(labels.add("scope", "inside"), member.inside());
    weightShare(labels.add("scope", "outside"), member.outside());
    families.gauge(
        "posthouse_member_connections_open",
        "Connections in use now",
        member.connections(),
        labels);
    families.counter(
        "posthouse_member_connections", "Connections made", member.totalConnections(), labels);
    families.counter(
        "posthouse_member_connect_failures",
        "Connects that failed",
        member.connectFailures(),
        labels);
    families.gauge(
        "posthouse_member_connect_seconds",
        "Decaying mean of the time to connect, 0 before the first",
        member.responseNanos() / 1e9,
        labels);
    member.probes().forEach(probe -> probe(labels(labels, probe), probe));
  }

  /** The source stands there only where the file lists it, as an address. */
  private static Labels labels(Labels member, ProbeReport probe) {
    Labels labels = member.add("monitor", probe.monitor());
    Sighting sighting = probe.sighting();
    if (sighting == null || sighting.source().address() == null) {
      return labels;
    }
    return labels.add("source", sighting.source().toString());
  }

  private void weightShare(Labels labels, Pressure pressure) {
    families.gauge(
        "posthouse_member_weight_share",
        "Share of its weight that pressure leaves it in mode smtp, for messages of these senders",
        pressure.share(),
        labels);
  }

  private void probe(Labels labels, ProbeReport probe) {
    families.gauge(
        "posthouse_probe_success",
        "1 if the last probe passed",
        probe.result() instanceof ProbeResult.Passed ? 1 : 0,
        labels);
    families.gauge(
        "posthouse_probe_duration_seconds",
        "How long the last probe took",
        probe.took().toNanos() / 1e9,
        labels);
    families.gauge(
        "posthouse_probe_timestamp_seconds",
        "When the last probe began, as Unix time",
        probe.at().toEpochMilli() / 1000.0,
        labels);
    if (probe.certificateExpires() != null) {
      families.gauge(
          "posthouse_probe_certificate_expiry_timestamp_seconds",
          "When the member's certificate ends, as Unix time",
          probe.certificateExpires().getEpochSecond(),
          labels);
    }
  }
}
