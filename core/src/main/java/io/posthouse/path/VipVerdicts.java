package io.posthouse.path;

import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.model.VirtualServer.WhenDown;
import io.posthouse.path.PathFinding.Kind;
import java.util.List;
import java.util.stream.Stream;

/** What the facts about a virtual server's addresses mean. */
public final class VipVerdicts {
  private VipVerdicts() {}

  /** What is wrong; none where clients can connect, as far as this machine can see. */
  public static List<PathFinding> of(VirtualServer server, List<Vip> vips) {
    return vips.stream().flatMap(vip -> of(server, vip)).toList();
  }

  private static Stream<PathFinding> of(VirtualServer server, Vip vip) {
    String subject = server.name() + " at " + vip.listen();
    String host = vip.listen().host();
    if (!vip.at().here()) {
      return Stream.of(elsewhere(subject, host, vip.bound() != null));
    } else if (!vip.at().up()) {
      return Stream.of(
          new PathFinding(
              Kind.VIP_DOWN,
              subject,
              "%s is on %s, which is down or has no carrier: no packet of a client comes in by it."
                  .formatted(host, vip.at().device()),
              "Look at the cable or the virtual switch, and at \"ip link show %s\"; \"ip link set %1$s up\" where somebody has set it down."
                  .formatted(vip.at().device())));
    } else if (vip.bound() == null) {
      return Stream.of(silent(subject, server));
    }
    Attempt attempt = vip.attempt();
    return attempt == null ? Stream.of() : connected(subject, attempt);
  }

  private static Stream<PathFinding> connected(String subject, Attempt attempt) {
    return switch (attempt.end()) {
      case CONNECTED, RESET -> Stream.of(); // Mode tcp resets whom it has no member for.
      case FAILED ->
          Stream.of(
              new PathFinding(
                  Kind.FAILED,
                  subject,
                  "It listens; whether it takes connections is not known, for this machine cannot connect: %s."
                      .formatted(attempt.said()),
                  "It is this machine's own fault; its log may say more."));
      case NOT_TRIED ->
          Stream.of(
              new PathFinding(
                  Kind.NOT_TRIED,
                  subject,
                  "It was not tried: %s.".formatted(attempt.said()),
                  "Ask again."));
      default -> Stream.of(notTaken(subject, attempt));
    };
  }

  private static PathFinding elsewhere(String subject, String host, boolean bound) {
    return new PathFinding(
        Kind.VIP_ELSEWHERE,
        subject,
        bound
            ? "It listens, but %s is not an address of this machine (net.ipv4.ip_nonlocal_bind or its like for IPv6 lets it be bound all the same): clients' packets go to whoever has it, or to nobody."
                .formatted(host)
            : "%s is not an address of this machine, and nothing listens on it here: clients' packets go to whoever has it, or to nobody."
                .formatted(host),
        "If this machine is to serve it, add it: \"ip addr add %s/LENGTH dev DEVICE\", or have keepalived or its like do so. On a standby all is well: ask the machine that has the address."
            .formatted(host));
  }

  private static PathFinding silent(String subject, VirtualServer server) {
    if (server.mode() == Mode.DSR) {
      return new PathFinding(
          Kind.NOT_LISTENING,
          subject,
          "The kernel does not hand its packets on to members, so clients get no answer.",
          "The log says why (\"rules or addresses for mode dsr cannot be kept\"); Posthouse tries again each second.");
    }
    boolean closes = server.whenDownInEffect() == WhenDown.CLOSE;
    return new PathFinding(
        Kind.NOT_LISTENING,
        subject,
        "Nothing listens there, so clients are refused.",
        closes
            ? "It has when-down: close, so it listens only while a member is usable: mend the members. Else another program has the port, and the log says so."
            : "Another program has the port (\"ss -ltnp\" names it), or Posthouse has no right to it; the log says which.");
  }

  private static PathFinding notTaken(String subject, Attempt attempt) {
    return new PathFinding(
        Kind.NOT_TAKEN_HERE,
        subject,
        "It listens, but does not take a connection from this machine itself: %s."
            .formatted(attempt.said()),
        "A packet filter of this machine is in the way (\"nft list ruleset\"): it must let clients in to this port. Or Posthouse accepts no more links: the log says so (\"as many links as allowed: further clients wait\"), and \"ss -ltn\" shows Recv-Q as high as Send-Q.");
  }
}
