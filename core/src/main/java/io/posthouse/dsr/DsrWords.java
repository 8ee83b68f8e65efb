package io.posthouse.dsr;

import io.posthouse.dsr.CheckSeen.Answer;
import io.posthouse.dsr.DsrFinding.Kind;
import io.posthouse.model.IpAddress;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Findings about one server, in words.
 *
 * @param device the interface of the virtual server
 */
record DsrWords(ServerSeen seen, String device) {
  private static final String NONE = "Those whom it is chosen for get no connection.";

  /** One that is the same for every VIP. */
  DsrFinding of(Kind kind) {
    String host = seen.server().member().address().host();
    return switch (kind) {
      case UNKNOWN_NAME ->
          finding(
              kind,
              "No address of %s is known: %s.".formatted(host, seen.own().said()),
              NONE,
              "Write the member's address into the file, or mend DNS for this machine.");
      case ROUTED ->
          finding(
              kind,
              "%s is in no network of %s. A packet for the VIP finds a server by its MAC address, so no router may be between."
                  .formatted(host, device),
              NONE,
              "Put the server into the network of %s, or name the device that is in its network (dsr: { device: NAME }). A server in another network needs mode smtp or tcp."
                  .formatted(device));
      case SERVER_DOWN ->
          finding(
              kind,
              "It answers neither at its own address %s nor through the VIP: %s."
                  .formatted(host, seen.own().said()),
              NONE + " A monitor takes it out: \"posthouse status\".",
              "Look at the machine, its network and its firewall first; what it has of the VIP is not known.");
      case NOT_RUNNING ->
          finding(
              kind,
              "The machine answers, but nothing listens on port %d of its own address %s."
                  .formatted(seen.server().port(), host),
              "They are refused. A monitor takes it out: \"posthouse status\".",
              "Start the mail server, and check again.");
      default -> throw new IllegalArgumentException(kind.toString());
    };
  }

  /** One about a VIP. */
  DsrFinding of(Kind kind, VipSeen vip) {
    String address = IpAddress.text(vip.vip());
    return switch (kind) {
      case SERVER_DOWN, NOT_RUNNING -> of(kind);
      case NOT_TRIED -> notTried(vip.attempt().said());
      case VIP_MISSING -> vipMissing(vip, address);
      case NOT_ON_VIP ->
          finding(
              kind,
              "Its own address answers, and %s port %d is refused there: the mail server does not listen on the VIP."
                  .formatted(address, seen.server().port()),
              "Those whom it is chosen for are refused, although its monitors see it up.",
              "Have the mail server listen on all addresses, or on the VIP too (Postfix: inet_interfaces = all; Exim: local_interfaces; Exchange: Bindings of the receive connector); the head of the script of \"%s\" says how."
                  .formatted(setup(seen.server(), "")));
      case OTHER_SOURCE ->
          finding(
              kind,
              "It answers from %s in place of %s: something on it, or on the way, rewrites addresses."
                  .formatted(sources(vip), address),
              "They do not know that address, and drop the answer: a time-out.",
              "Take off what rewrites it: a NAT rule of the server (\"nft list ruleset\", \"iptables -t nat -L\"; Windows: Get-NetNat, RRAS), or of a firewall between.");
      case SPEAKS_OTHERWISE ->
          finding(
              kind,
              "At its own address it says: %s. Through %s: %s."
                  .formatted(seen.own().said(), address, vip.attempt().said()),
              "Those whom it is chosen for get the second.",
              "Look at what the mail server has for its own address alone: a receive connector whose Bindings name it, a line of master.cf, a firewall.");
      case OWN_ADDRESS_SILENT ->
          finding(
              kind,
              "It answers through %s, and not at its own address: %s."
                  .formatted(address, seen.own().said()),
              "None now; but monitors ask its own address, and take it out.",
              "Have the mail server listen on all addresses.");
      case NOT_SENT ->
          finding(
              kind,
              "Nothing is known of %s there: this machine's own packets did not leave by %s."
                  .formatted(address, device),
              "Not known.",
              "A packet filter of this machine is in the way (\"nft list ruleset\"), or its way to the server leads by another interface (\"ip route get %s\")."
                  .formatted(seen.server().member().address().host()));
      default -> throw new IllegalArgumentException(kind.toString());
    };
  }

  private DsrFinding vipMissing(VipSeen vip, String address) {
    String what =
        vip.back()
            ? "It does not have %s: it sent the packet back, as a router does."
            : "Its own address answers, and a SYN for %s gets no answer: it does not have the VIP (or its firewall drops what is for it).";
    return finding(
        Kind.VIP_MISSING,
        what.formatted(address),
        "Those whom it is chosen for time out, although its monitors see it up.",
        runSetup(seen.server()) + "; with --verify it says what is missing.");
  }

  /** A member answers ARP or NDP for a VIP. */
  static DsrFinding answersForVip(Behind server, String vip, String mac) {
    boolean ipv6 = vip.indexOf(':') >= 0;
    return new DsrFinding(
        Kind.ANSWERS_FOR_VIP,
        server.path(),
        "It (%s) answers %s for %s: %s."
            .formatted(
                mac,
                ipv6 ? "NDP" : "ARP",
                vip,
                ipv6
                    ? "the VIP is on an interface of the network, not on lo"
                    : "arp_ignore is not set, or the VIP is on an interface of the network"),
        "Some of them, by chance, go to this server alone, past the balancer: no balance, no classes, and none served when it is down.",
        runSetup(server) + "; with --verify it says what differs.");
  }

  /** The answer came by another interface. */
  DsrFinding otherMac(VipSeen vip, Answer answer) {
    return finding(
        Kind.OTHER_MAC,
        "Its answer from %s came from %s, while its own address is at %s."
            .formatted(IpAddress.text(vip.vip()), answer.mac(), seen.mac()),
        "None, unless a switch or a firewall minds it.",
        "If the server has two interfaces, a team of them, or answers through a router, that is why. Else find out whose MAC it is.");
  }

  /** Nothing is known. */
  DsrFinding notTried(String why) {
    return finding(
        Kind.NOT_TRIED, "It was not tried: %s.".formatted(why), "Not known.", "Check it alone.");
  }

  private static String runSetup(Behind server) {
    return "On %s run what \"%s\" prints, as root (Windows: \"%s\")"
        .formatted(
            server.member().address().host(), setup(server, ""), setup(server, " --windows"));
  }

  private static String setup(Behind server, String option) {
    return "posthouse dsr setup %s -c FILE%s".formatted(server.path(), option);
  }

  private static String sources(VipSeen vip) {
    List<String> others =
        vip.answers().stream()
            .filter(each -> !each.source().equals(vip.vip()))
            .map(each -> IpAddress.text(each.source()))
            .distinct()
            .toList();
    return others.stream().limit(3).collect(Collectors.joining(", "));
  }

  private DsrFinding finding(Kind kind, String problem, String clients, String remedy) {
    return new DsrFinding(kind, seen.server().path(), problem, clients, remedy);
  }
}
