package io.posthouse.dsr;

import io.posthouse.dsr.CheckSeen.Answer;
import io.posthouse.dsr.DsrFinding.Kind;
import io.posthouse.model.IpAddress;
import io.posthouse.path.Attempt;
import io.posthouse.path.End;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a check of a virtual server has seen, and what it means. Of each server the try at its own
 * address and the one through the VIP are read together: the pair is the diagnosis.
 */
public final class DsrVerdicts {
  private static final Set<End> UNREACHED = EnumSet.of(End.TIMED_OUT, End.UNREACHABLE);

  private final String device;

  private DsrVerdicts(String device) {
    this.device = device;
  }

  /**
   * What is wrong, servers first, in the order of the file.
   *
   * @param server the name of the virtual server
   * @param owners whose MAC addresses are known
   */
  public static List<DsrFinding> of(
      String server,
      String device,
      List<ServerSeen> servers,
      List<ClaimsSeen> claims,
      Map<String, Behind> owners) {
    DsrVerdicts verdicts = new DsrVerdicts(device);
    List<DsrFinding> all = new ArrayList<>();
    servers.forEach(each -> all.addAll(verdicts.server(each)));
    claims.forEach(each -> all.addAll(claims(server, each, owners)));
    return all;
  }

  private List<DsrFinding> server(ServerSeen seen) {
    DsrWords words = new DsrWords(seen, device);
    if (seen.own().end() == End.UNKNOWN_NAME) {
      return List.of(words.of(Kind.UNKNOWN_NAME));
    } else if (!seen.beside()) {
      return List.of(words.of(Kind.ROUTED));
    } else if (isUntried(seen.own())) {
      return List.of(words.notTried(seen.own().said()));
    }
    List<DsrFinding> all = new ArrayList<>();
    for (VipSeen vip : seen.vips()) {
      pair(seen, vip).ifPresent(kind -> all.add(words.of(kind, vip)));
      otherMac(seen, vip).ifPresent(answer -> all.add(words.otherMac(vip, answer)));
    }
    if (seen.vips().isEmpty() && !isReached(seen.own())) {
      all.add(words.of(isRefused(seen.own()) ? Kind.NOT_RUNNING : Kind.SERVER_DOWN));
    }
    return all.stream().distinct().toList(); // A server that is down is so for every VIP.
  }

  private static Optional<Kind> pair(ServerSeen seen, VipSeen vip) {
    Attempt own = seen.own();
    Attempt through = vip.attempt();
    if (isReached(through)) {
      return isReached(own)
          ? Optional.of(Kind.SPEAKS_OTHERWISE).filter(_ -> differs(own, through))
          : Optional.of(Kind.OWN_ADDRESS_SILENT);
    } else if (isUntried(through)) {
      return Optional.of(Kind.NOT_TRIED);
    } else if (vip.answers().stream().anyMatch(each -> !each.source().equals(vip.vip()))) {
      return Optional.of(Kind.OTHER_SOURCE);
    } else if (!isReached(own)) {
      return Optional.of(isRefused(own) ? Kind.NOT_RUNNING : Kind.SERVER_DOWN);
    } else if (isRefused(through)) {
      return Optional.of(Kind.NOT_ON_VIP);
    }
    return Optional.of(vip.left() ? Kind.VIP_MISSING : Kind.NOT_SENT);
  }

  /** Whether one speaks and the other does not; what each says is its own affair. */
  private static boolean differs(Attempt own, Attempt through) {
    return own.end() != through.end()
        || (own.greeting() != null
            && through.greeting() != null
            && own.greeting().severity() != through.greeting().severity());
  }

  private static boolean isReached(Attempt attempt) {
    return attempt.end().isConnection();
  }

  private static boolean isRefused(Attempt attempt) {
    return attempt.end() == End.REFUSED;
  }

  private static boolean isUntried(Attempt attempt) {
    return !isReached(attempt) && !isRefused(attempt) && !UNREACHED.contains(attempt.end());
  }

  private static Optional<Answer> otherMac(ServerSeen seen, VipSeen vip) {
    return vip.answers().stream()
        .filter(each -> seen.mac() != null && each.source().equals(vip.vip()))
        .filter(each -> !each.mac().equals(seen.mac()))
        .findFirst();
  }

  private static List<DsrFinding> claims(
      String server, ClaimsSeen seen, Map<String, Behind> owners) {
    String vip = IpAddress.text(seen.vip());
    List<DsrFinding> all = new ArrayList<>();
    if (!seen.here()) {
      all.add(
          new DsrFinding(
              Kind.VIP_NOT_HERE,
              server,
              "This machine does not have %s.".formatted(vip),
              "Their packets go to whoever has it, or to nobody.",
              "On a standby all is well: ask the machine that has the address. Else \"posthouse status\" and the log say why it is not here."));
    }
    for (String mac : seen.macs().stream().sorted().toList()) {
      Behind owner = owners.get(mac);
      if (owner != null) {
        all.add(DsrWords.answersForVip(owner, vip, mac));
      } else if (seen.here()) {
        all.add(stranger(server, vip, mac));
      }
    }
    if (seen.unasked() != null) {
      all.add(
          new DsrFinding(
              Kind.NOT_ASKED,
              server,
              "Who else answers for %s is not known: %s.".formatted(vip, seen.unasked()),
              "If a server answers ARP for the VIP, some of them pass the balancer by.",
              "Make it possible to ask, and check again; what \"posthouse dsr setup %s --verify -c FILE\" prints says it on each server."
                  .formatted(server)));
    }
    return all;
  }

  private static DsrFinding stranger(String server, String vip, String mac) {
    return new DsrFinding(
        Kind.ANSWERS_FOR_VIP,
        server,
        "%s, which is none of the members, answers for %s as this machine does."
            .formatted(mac, vip),
        "Some of them, by chance, go there in place of the balancer.",
        "Find the machine (on a switch: the port that has learnt this MAC; a second balancer that holds the address; a member with two interfaces), and take the address, or its answers, from it.");
  }
}
