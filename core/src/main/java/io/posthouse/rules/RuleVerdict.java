package io.posthouse.rules;

import io.posthouse.smtp.Reply;
import java.util.List;

/** What the rules of one event come to. */
public sealed interface RuleVerdict {
  /** Rules that are worth a line, in their order. */
  List<Firing> firings();

  /**
   * It goes on.
   *
   * @param detour what was chosen for it
   */
  record Go(Detour detour, List<Firing> firings) implements RuleVerdict {
    /** As if there were no rule. */
    public static final Go ON = new Go(Detour.NONE, List.of());
  }

  /**
   * The client is refused.
   *
   * @param reply what it is told; 421 ends its link, and so does every reply at connect
   * @param silent whether it is better told nothing, where it was told nothing yet
   */
  record Stop(Reply reply, boolean silent, List<Firing> firings) implements RuleVerdict {}
}
