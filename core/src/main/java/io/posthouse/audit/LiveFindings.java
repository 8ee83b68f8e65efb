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
    List<Tried> untested =
        answers.stream().filter(each -> each.outcome() == Outcome.UNTESTED).toList();
    if (!untested.isEmpty()) {
      found.add(notTested(target, answers.size(), untested));
    }
    return found;
  }

  private static Finding ofClass(LiveTarget.Client target, List<Tried> accepted) {
    Flow flow = target.flow();
    String label = who(flow);
    return Finding.of(
        FindingKind.RELAYS_FOR_CLASS,
        isPlain(accepted) ? Severity.HIGH : Severity.MEDIUM,
        target.name(),
        flow.key("relay"),
        "A client of %s, asked as %s, was told that its mail to a stranger is taken: %s."
            .formatted(label, target.address(), examples(accepted)),
        "Every client of %s sends mail to anybody through your members: an open relay for all who are in it."
            .formatted(label),
        flow.isSmtp()
            ? "Let Posthouse refuse it: give %s a relay right of its own, such as a data group of your domains; and let the members take nothing more from its source address."
                .formatted(label)
            : "Let the members refuse it, or write mode: smtp and a relay right, so that Posthouse does.");
  }

  private static Finding ofMember(LiveTarget.Straight target, List<Tried> accepted) {
    String classes =
        target.flows().stream().map(LiveFindings::who).distinct().collect(Collectors.joining(", "));
    boolean plain = isPlain(accepted);
    return Finding.of(
        FindingKind.MEMBER_RELAYS,
        plain ? Severity.HIGH : Severity.MEDIUM,
        target.name(),
        target.flows().getFirst().key("snat"),
        "The member %s relays for %s, which is the address of %s: %s."
            .formatted(target.member(), target.from(), classes, examples(accepted)),
        target.isAlone()
            ? "Every client of %s sends mail to anybody: an open relay for all who are in it."
                .formatted(classes)
            : "Nothing but Posthouse's relay guard stands between the clients of %s and an open relay; whatever else leaves from that address has nothing."
                .formatted(classes),
        "Take that address off the member's relay list (Postfix: mynetworks; Exchange: the remote IP ranges of the"
            + " relay connector, and never \"Externally secured\"), and give the classes that may send to anybody a"
            + " source address of their own (snat).");
  }

  private static String who(Flow flow) {
    return flow.named() ? flow.label() + " on " + flow.server().name() : flow.label();
  }

  private static Finding notTested(LiveTarget target, int all, List<Tried> untested) {
    return Finding.of(
        FindingKind.NOT_TESTED,
        Severity.LOW,
        target.name(),
        "",
        "%d of %d questions got no answer that says anything: %s."
            .formatted(untested.size(), all, untested.getFirst().said()),
        "It may relay, and nobody knows.",
        "Mend what the answer says, or name another recipient with --recipient, and ask again.");
  }

  /** Whether a stranger's address was taken as such, not only hidden in one of ours. */
  private static boolean isPlain(List<Tried> accepted) {
    return accepted.stream().anyMatch(each -> !each.pattern().hidden());
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
