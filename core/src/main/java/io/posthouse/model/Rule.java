package io.posthouse.model;

/** What client classes cannot say: when it is asked, on what condition it fires, and what then. */
public record Rule(
    @Named String name,
    @Key(value = "When it is asked", example = "mail") RuleEvent at,
    @Key(
            value = "On what condition it fires: an expression in CEL that is true or false",
            example = "sender.inGroup(\"partners\") && size > 5000000")
        String when,
    @Key(
            value = "The one thing that it does then",
            example = "{ refuse: \"552 5.3.4 At most 5 MB\" }")
        RuleAction then,
    @Key(value = "Whether it is only counted and logged, and does nothing", fallback = "false")
        boolean dryRun) {

  /** Whether it chooses where work goes, or whose it is. */
  public boolean chooses() {
    return choosesClass() || then.pool() != null || then.snat() != null;
  }

  /** Whether it chooses the client's class. */
  public boolean choosesClass() {
    return then.clientClass() != null;
  }
}
