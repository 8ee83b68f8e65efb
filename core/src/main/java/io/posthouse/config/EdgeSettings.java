package io.posthouse.config;

import io.posthouse.edge.HostName;
import io.posthouse.model.EdgeChecks;
import io.posthouse.model.EdgeChecks.Codes;
import io.posthouse.model.EdgeChecks.DnsList;
import io.posthouse.model.EdgeChecks.DnsLists;
import io.posthouse.model.Endpoint;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.Prefix;
import java.util.List;

/** Checks edge checks: that lists can be asked and met, and that each check can do something. */
final class EdgeSettings {
  private static final Prefix ANSWERS = Prefix.parse("127.0.0.0/8").orElseThrow();

  /** The longest name that stands in front of a zone: the half octets of an IPv6 address. */
  private static final int LONGEST_ADDRESS = 64;

  private final Draft draft;
  private final Places places;

  private EdgeSettings(Draft draft) {
    this.draft = draft;
    this.places = draft.places();
  }

  static void check(Draft draft) {
    EdgeSettings settings = new EdgeSettings(draft);
    settings.resolvers(draft.configuration().dns().resolvers());
    draft.configuration().edgeChecks().values().forEach(settings::edgeChecks);
    draft.configuration().virtualServers().values().forEach(settings::server);
  }

  private void resolvers(List<Endpoint> resolvers) {
    for (int i = 0; i < resolvers.size(); i++) {
      String path = places.item("dns.resolvers", i);
      if (places.good(path) && (!resolvers.get(i).isLiteral() || resolvers.get(i).port() == 0)) {
        draft.error(path, "must be the address and port of a DNS server, such as 127.0.0.1:53");
      }
    }
  }

  private void edgeChecks(EdgeChecks of) {
    String path = Places.path("edge-checks", of.name());
    if (!places.trusted(path)) {
      return;
    }
    boolean some =
        List.of("early-talkers", "dns-lists", "reverse-dns", "hello", "limits").stream()
            .anyMatch(key -> places.written(Places.path(path, key)));
    if (!some) {
      draft.warningAtKey(
          path,
          "has no check; write early-talkers, dns-lists, reverse-dns, hello or limits, or remove it");
    }
    DnsLists lists = of.dnsLists();
    if (lists != null) {
      String all = Places.path(Places.path(path, "dns-lists"), "lists");
      lists.lists().values().forEach(each -> list(each, Places.path(all, each.name())));
      threshold(lists, Places.path(path, "dns-lists"));
    }
  }

  /** What is wrong with a zone is told without the zone, which may hold a key. */
  private void list(DnsList list, String path) {
    String zone = Places.path(path, "zone");
    String its = list.zone() == null ? list.name() : list.zone();
    boolean fits = HostName.isValid(its) && its.length() + LONGEST_ADDRESS <= 253;
    if (places.trusted(path) && places.trusted(zone) && (!fits || its.indexOf('.') < 0)) {
      draft.errorAtKey(
          list.zone() == null ? path : zone,
          "is no zone of a list; write its domain without a dot at its end, such as zone:"
              + " zen.example.org");
    }
    String answers = Places.path(path, "answers");
    for (int i = 0; i < list.answers().size(); i++) {
      codes(list.answers().get(i), Places.path(places.item(answers, i), "codes"));
    }
  }

  private void codes(Codes of, String path) {
    for (int i = 0; i < of.codes().size(); i++) {
      String item = places.item(path, i);
      String text = of.codes().get(i);
      if (places.good(item)
          && Prefix.parse(text)
              .filter(code -> code.isNetwork() && ANSWERS.contains(code.address()))
              .filter(code -> code.bits() >= ANSWERS.bits())
              .isEmpty()) {
        draft.error(
            item,
            Words.quote(text)
                + " is no answer of a list; write an address in 127.0.0.0/8 or a prefix of such, as"
                + " 127.0.0.2 or 127.0.0.4/30");
      }
    }
  }

  private void threshold(DnsLists lists, String path) {
    int most = lists.lists().values().stream().mapToInt(EdgeSettings::most).sum();
    if (places.trusted(path) && most < lists.threshold()) {
      draft.warningAtKey(
          path,
          "can meet nobody: all lists together give "
              + most
              + ", and the threshold is "
              + lists.threshold()
              + "; lower it, or raise the scores");
    }
  }

  private static int most(DnsList list) {
    return list.answers().isEmpty()
        ? Math.max(0, list.score())
        : list.answers().stream().mapToInt(each -> Math.max(0, each.score())).sum();
  }

  /** Clients of implicit TLS talk first, as they must. */
  private void server(VirtualServer server) {
    EdgeChecks its =
        server.edgeChecks() == null
            ? null
            : draft.configuration().edgeChecks().get(server.edgeChecks());
    String path = Places.path(Places.path("virtual-servers", server.name()), "edge-checks");
    if (its != null
        && its.earlyTalkers() != null
        && server.tls() != null
        && server.tls().implicit()
        && places.good(path)) {
      draft.warning(
          path,
          "early-talkers looks at nobody here: with implicit TLS every client talks first; remove"
              + " that check, or use others here");
    }
  }
}
