package io.posthouse.rules;

import io.posthouse.model.DataGroup;
import io.posthouse.model.RuleEvent;
import java.util.List;

/** Reads conditions of rules. */
public interface RuleEngine {
  /** The one that there is: CEL. Made when it is first asked for, which takes its time. */
  static RuleEngine cel() {
    return CelEngine.Holder.INSTANCE;
  }

  /** Reads a condition for people. */
  Reading read(RuleEvent at, String when);

  /**
   * Makes a condition of a text that was read without a problem.
   *
   * @throws IllegalArgumentException for any other
   */
  RuleCondition compile(RuleEvent at, String when);

  /**
   * What reading a condition came to.
   *
   * @param problems what is wrong; the condition is of no use unless empty
   * @param groups the data groups that it asks
   */
  record Reading(List<Problem> problems, List<Group> groups) {
    /** Copies both. */
    public Reading {
      problems = List.copyOf(problems);
      groups = List.copyOf(groups);
    }
  }

  /**
   * One thing that is wrong with a condition.
   *
   * @param at where in its text, from 0, in characters
   */
  record Problem(int at, String message) {}

  /**
   * A data group that a condition asks.
   *
   * @param at where its name stands in the text
   */
  record Group(String name, DataGroup.Type type, int at) {}
}
