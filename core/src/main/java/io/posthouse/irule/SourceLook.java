package io.posthouse.irule;

import io.posthouse.model.IpAddress;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks at what a rule chooses: source addresses, pools, members, persistence. */
final class SourceLook implements Look {
  /** The commands that end a connection. */
  static final Set<String> REFUSALS = Set.of("reject", "drop", "discard", "TCP::close");

  private final BigipNames names;
  private final Values values;
  private final Findings findings;

  SourceLook(BigipNames names, Values values, Findings findings) {
    this.names = names;
    this.values = values;
    this.findings = findings;
  }

  @Override
  public void command(TclCommand command) {
    TclWord first = command.words().size() < 2 ? null : command.words().get(1);
    if (first == null) {
      return;
    }
    switch (command.name()) {
      case "snat" -> {
        if (!ListUse.isClient(first)) {
          each(first, command, text -> !isSource(text), this::notSource);
        }
      }
      case "snatpool" -> {
        each(first, command, SourceLook::isAddress, this::notPool);
        missing(first, names::lacksSnatPool, LintKind.MISSING_SNATPOOL, "SNAT pool");
      }
      case "pool" -> missing(first, names::lacksPool, LintKind.MISSING_POOL, "pool");
      case "node" ->
          findings.add(
              LintKind.NODE,
              command.at(),
              "node sends the client to one server past pool, monitors and limits; a server that is down gets mail all the same",
              "Put the server into a pool with a monitor and write pool NAME.");
      case "persist" -> {
        if (!first.is("none") && !first.is("delete") && !first.is("lookup")) {
          findings.add(
              LintKind.PERSISTENCE,
              command.at(),
              "persistence pins a client to one server; one gateway then loads one server, whatever the method, and waits with it when it is under pressure",
              "Leave persistence out: SMTP needs none.");
        }
      }
      default -> {}
    }
    if (command.is("snat") && first.is("none")) {
      findings.add(
          LintKind.SNAT_NONE,
          command.at(),
          "snat none keeps the client's own address: servers must send their answers past the balancer",
          "Make the balancer the servers' gateway, or choose an address.");
    }
  }

  /** Tells once if one of the texts that a word can be is wrong. */
  private void each(TclWord word, TclCommand command, Predicate<String> wrong, Telling telling) {
    TclPart.Variable variable = word.variable();
    String literal = word.literal();
    Set<String> texts =
        literal != null ? Set.of(literal) : variable != null ? values.of(variable.name()) : null;
    if (texts == null) {
      findings.add(
          LintKind.NAME_IN_VARIABLE,
          command.at(),
          "what "
              + command.name()
              + " gets here is known at run time only, and a wrong one is an error there",
          "Write the name or the address itself in each branch.");
      return;
    }
    boolean always = texts.stream().allMatch(wrong);
    texts.stream().filter(wrong).findFirst().ifPresent(text -> telling.tell(word, text, always));
  }

  private void notSource(TclWord word, String text, boolean always) {
    boolean pool = names.hasSnatPool(text);
    String given =
        word.literal() == null
            ? Findings.quote(text) + ", the value of this variable,"
            : Findings.quote(text);
    findings.add(
        LintKind.SNAT_NAME,
        word.at(),
        given
            + (pool ? " is a SNAT pool" : " is no address")
            + ", and snat takes an address: \"bad IP address format\" at run time, and a reset for the client",
        always
            ? "Write snatpool %s."
                .formatted(word.literal() == null ? "in place of snat" : Findings.cut(text))
            : "Write snat ADDRESS or snatpool NAME in each branch.");
  }

  private void notPool(TclWord word, String text, boolean always) {
    findings.add(
        LintKind.SNATPOOL_ADDRESS,
        word.at(),
        Findings.quote(text) + " is an address, and snatpool takes the name of a SNAT pool",
        always
            ? "Write snat " + Findings.cut(text) + "."
            : "Write snat ADDRESS or snatpool NAME in each branch.");
  }

  private void missing(TclWord word, Predicate<String> lacks, LintKind kind, String what) {
    String name = word.literal();
    if (name != null && !isAddress(name) && lacks.test(name)) {
      findings.add(
          kind,
          word.at(),
          "the " + what + " " + Findings.quote(name) + " is not in this file",
          "Create it, or correct the name.");
    }
  }

  private static boolean isSource(String text) {
    return text.equals("automap") || text.equals("none") || isAddress(text);
  }

  /** An address of F5 may have a route domain behind it. */
  static boolean isAddress(@Nullable String text) {
    return text != null && IpAddress.parse(text.replaceFirst("%[0-9]+$", "")).isPresent();
  }

  /** Tells of one text; whether all that the word can be are wrong. */
  @FunctionalInterface
  private interface Telling {
    void tell(TclWord word, String text, boolean always);
  }
}
