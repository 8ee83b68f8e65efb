package io.posthouse.path;

import io.posthouse.path.PathFinding.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the ends of ways to members mean.
 *
 * <p>One end says little: a time-out may be a host that is down or a firewall. What it means is in
 * the comparison: a member that answers one address of ours and not another is up, and what is
 * wrong is the way of that address. So all ways to one address of a member are judged together.
 */
public final class MemberVerdicts {
  private MemberVerdicts() {}

  /**
   * What is wrong with some ways, by its step. What members have alike is one finding, for then
   * what is wrong is likely to be what they share.
   */
  public static List<PathFinding> of(List<WalkedWay> ways) {
    Map<String, List<WalkedWay>> byTarget = new LinkedHashMap<>();
    ways.forEach(each -> byTarget.computeIfAbsent(each.target(), _ -> new ArrayList<>()).add(each));
    Map<String, Case> cases = new LinkedHashMap<>();
    byTarget.values().stream()
        .flatMap(MemberVerdicts::ofOne)
        .forEach(each -> cases.merge(each.likeness(), each, Case::and));
    return cases.values().stream()
        .sorted(Comparator.comparing(Case::kind))
        .map(each -> finding(each.kind(), each.ways()))
        .toList();
  }

  /** Ways with one thing wrong. */
  private record Case(Kind kind, Compared ways) {
    /** What members must have alike. */
    String likeness() {
      return said(kind, ways.first()) + " " + ways.from();
    }

    Case and(Case other) {
      return new Case(kind, ways.and(other.ways));
    }
  }

  private static Stream<Case> ofOne(List<WalkedWay> ways) {
    Map<String, Case> alike = new LinkedHashMap<>();
    for (WalkedWay each : ways) {
      Stream.of(ended(each, ways), lostOnTheWay(each), heldBack(each, ways))
          .flatMap(Optional::stream)
          .map(kind -> new Case(kind, new Compared(List.of(each), ways)))
          .forEach(one -> alike.merge(said(one.kind, each), one, Case::and));
    }
    return alike.values().stream();
  }

  /** What is wrong, and what was said of it, where the finding repeats that. */
  private static String said(Kind kind, WalkedWay way) {
    return switch (kind) {
      case TURNED_AWAY, NOT_SMTP, NO_TLS, UNREACHABLE, FAILED, HUNG_UP, CANNOT_LEAVE ->
          kind + " " + way.attempt().said();
      case UNKNOWN_NAME -> kind + " " + way.way().address().host();
      default -> kind.name();
    };
  }

  private static Optional<Kind> lostOnTheWay(WalkedWay way) {
    return way.attempt().isSlow() ? Optional.of(Kind.SLOW) : Optional.empty();
  }

  /** One that is late to everybody may be so on purpose. */
  private static Optional<Kind> heldBack(WalkedWay way, Collection<WalkedWay> all) {
    boolean alone = all.stream().anyMatch(each -> each.attempt().isPrompt());
    return way.attempt().isLate() && alone ? Optional.of(Kind.LATE) : Optional.empty();
  }

  private static Optional<Kind> ended(WalkedWay way, Collection<WalkedWay> all) {
    Attempt attempt = way.attempt();
    return Optional.ofNullable(
        switch (attempt.end()) {
          case CONNECTED -> null;
          case GREETED ->
              attempt.isMasked() ? Kind.MASKED : attempt.isRefusal() ? Kind.TURNED_AWAY : null;
          case TIMED_OUT ->
              !way.at().here()
                  ? Kind.SOURCE_ELSEWHERE
                  : all.stream().anyMatch(each -> each.attempt().end().isAnswer())
                      ? Kind.NO_WAY_BACK
                      : Kind.NO_ANSWER;
          case REFUSED ->
              all.stream().anyMatch(each -> each.attempt().end().isConnection())
                  ? Kind.REJECTED
                  : Kind.REFUSED;
          case UNREACHABLE ->
              !way.at().here()
                  ? Kind.SOURCE_ELSEWHERE
                  : way.at().up() ? Kind.UNREACHABLE : Kind.CANNOT_LEAVE;
          case CANNOT_LEAVE -> Kind.CANNOT_LEAVE;
          case UNKNOWN_NAME -> Kind.UNKNOWN_NAME;
          case SILENT -> Kind.SILENT;
          case CLOSED, RESET -> Kind.HUNG_UP;
          case NONSENSE -> Kind.NOT_SMTP;
          case NO_TLS -> Kind.NO_TLS;
          case FAILED -> Kind.FAILED;
          case NOT_TRIED -> Kind.NOT_TRIED;
        });
  }

  private static PathFinding finding(Kind kind, Compared ways) {
    return switch (kind) {
      case NO_WAY_BACK, NO_ANSWER, SOURCE_ELSEWHERE, REJECTED, REFUSED, UNREACHABLE, SLOW ->
          new ConnectWords(ways).of(kind);
      case SILENT, HUNG_UP, LATE, NOT_SMTP, NO_TLS, TURNED_AWAY, MASKED ->
          new GreetingWords(ways).of(kind);
      case CANNOT_LEAVE -> cannotLeave(ways);
      case UNKNOWN_NAME ->
          ways.finding(
              kind,
              "No address of %s is known, so it gets no mail.".formatted(ways.host()),
              "Mend DNS for this machine, or write the member's address into the file.");
      case FAILED ->
          ways.finding(
              kind,
              "This machine cannot connect: %s.".formatted(ways.said()),
              "It is this machine's own fault; its log and its packet filter (\"nft list ruleset\") may say more.");
      case NOT_TRIED ->
          ways.finding(
              kind, "It was not tried: %s.".formatted(ways.said()), "Ask for this member alone.");
      case NOT_LISTENING, VIP_ELSEWHERE, VIP_DOWN, NOT_TAKEN_HERE ->
          throw new IllegalArgumentException(kind + " is of no member");
    };
  }

  private static PathFinding cannotLeave(Compared ways) {
    WalkedWay first = ways.these().getFirst();
    String down =
        "It is on %s, which is down or has no carrier: \"ip link show %1$s\" says more, \"ip link set %1$s up\" sets it up."
            .formatted(first.at().device());
    String absent =
        "It is not on this machine: add it (\"ip addr add %s/LENGTH dev DEVICE\"), or take it out of snat in the file. On a standby that gets it later all is well."
            .formatted(first.from());
    String remedy =
        !first.at().here()
            ? absent
            : !first.at().up()
                ? down
                : "If it is of the other family than the member, snat needs one of the member's. If all its ports are taken, status shows towards whom.";
    return ways.finding(
        Kind.CANNOT_LEAVE,
        "No connection can leave from there: %s. Whoever has this source address gets no mail to it."
            .formatted(ways.said()),
        remedy);
  }
}
