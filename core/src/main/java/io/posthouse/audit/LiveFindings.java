package io.posthouse.audit;

import io.posthouse.audit.Tried.Outcome;
import io.posthouse.model.FindingKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the answers to a live audit come to. */
public final class LiveFindings {
  private LiveFindings() {}

  /** The findings about one target; none where every recipient was refused. */
  public static List<Finding> of(LiveTarget target, List<Tried> answers) {
    List<Tried> accepted = answers.stream().filter(Tried::isAccepted).toList();
    List<Finding> found = new ArrayList<>();
    if (!accepted.isEmpty()) {
      found.add(
          switch (target) {
            case LiveTarget.Client client -> ofClass(client, accepted);
            case LiveTarget.Straight straight -> ofMember(straight, accepted);
          });
    }
    List<Tried> silent = answers.stream().filter(Tried::isSilent).toList();
    if (!silent.isEmpty()) {
      found.add(notTested(target, answers.size(), silent));
    }
    return found;
  }

  private static Finding ofClass(LiveTarget.Client target, List<Tried> accepted) {
    String label = target.flow().who();
    return Finding.of(
        FindingKind.RELAYS_FOR_CLASS,
        severity(accepted),
        target.name(),
        target.key(),
        "A client of %s, asked as %s, was told that its mail to a stranger is taken: %s."
            .formatted(label, target.address(), examples(accepted)),
        "Every client of %s sends mail to anybody through your members: an open relay for all who are in it."
            .formatted(label),
        RelayRemedy.of(target, accepted));
  }

  private static Finding ofMember(LiveTarget.Straight target, List<Tried> accepted) {
    String classes = who(target);
    return Finding.of(
        FindingKind.MEMBER_RELAYS,
        severity(accepted),
        target.name(),
        target.key(),
        "The member %s relays for %s, which is the address of %s: %s."
            .formatted(target.path(), target.from(), classes, examples(accepted)),
        target.isAlone()
            ? "Every client of %s sends mail to anybody: an open relay for all who are in it."
                .formatted(classes)
            : "Nothing but Posthouse's relay guard stands between the clients of %s and an open relay; whatever else leaves from that address has nothing."
                .formatted(classes),
        RelayRemedy.of(target, accepted));
  }

  /** The flows that come to a member from there. */
  static String who(LiveTarget.Straight target) {
    return target.flows().stream().map(Flow::who).distinct().collect(Collectors.joining(", "));
  }

  private static Finding notTested(LiveTarget target, int all, List<Tried> silent) {
    long unasked = silent.stream().filter(each -> each.outcome() == Outcome.UNASKED).count();
    String said = silent.getFirst().said();
    return Finding.of(
        FindingKind.NOT_TESTED,
        Severity.LOW,
        target.name(),
        target.key(),
        "%d of %d questions got no answer that says anything%s: %s."
            .formatted(
                silent.size(),
                all,
                unasked == 0 ? "" : ", " + unasked + " of them for want of time",
                said),
        "It may relay, and nobody knows.",
        unasked > 0 || said.endsWith(Tried.LATE)
            ? "Servers hold refusals back on purpose: Exchange by TarpitInterval of its receive connector (5 s when nobody has set it), Postfix by smtpd_error_sleep_time, Exim by delay in an ACL. Shorten it for the addresses of Posthouse (Set-ReceiveConnector \"SERVER\\CONNECTOR\" -TarpitInterval 00:00:01), and ask again."
            : "Mend what the answer says, or name another recipient with --recipient, and ask again.");
  }

  /** Whether a stranger's address was taken as such, not only hidden in one of ours. */
  static boolean isPlain(List<Tried> accepted) {
    return accepted.stream().anyMatch(each -> !each.pattern().hidden());
  }

  private static Severity severity(List<Tried> accepted) {
    return isPlain(accepted) ? Severity.HIGH : Severity.MEDIUM;
  }

  private static String examples(List<Tried> accepted) {
    Tried first = accepted.getFirst();
    return "%s after %s got \"%s\"%s"
        .formatted(
            first.pattern().rcpt(),
            first.pattern().mail(),
            first.said(),
            accepted.size() == 1 ? "" : ", and " + (accepted.size() - 1) + " more");
  }
}
