package io.posthouse.dsr;

import io.posthouse.dsr.CheckSeen.Answer;
import io.posthouse.path.Attempt;
import java.net.InetAddress;
import java.util.List;

/**
 * A try to reach a server through a VIP.
 *
 * @param left whether our packet went out by the interface
 * @param back whether it came back
 * @param answers what came in answer
 */
public record VipSeen(
    InetAddress vip, Attempt attempt, boolean left, boolean back, List<Answer> answers) {
  /** Copies the answers. */
  public VipSeen {
    answers = List.copyOf(answers);
  }

  /** With what the rules have noted of its port. */
  public static VipSeen of(InetAddress vip, Attempt attempt, int port, CheckSeen seen) {
    return new VipSeen(
        vip, attempt, seen.left().contains(port), seen.back().contains(port), seen.answers(port));
  }
}
