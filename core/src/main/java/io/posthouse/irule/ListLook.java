package io.posthouse.irule;

import io.posthouse.irule.BigipNames.AddressList;
import io.posthouse.irule.BigipNames.Holds;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at data groups: how they are named, whether they exist, and what is missed if not. */
final class ListLook implements Look {
  private final TclReader reader;
  private final BigipNames names;
  private final Values values;
  private final Findings findings;
  private final Set<String> guarded = new HashSet<>();
  private final Set<String> noted = new HashSet<>();
  private final Set<Integer> listsAt = new HashSet<>();
  private String event = "";

  ListLook(TclReader reader, BigipNames names, Values values, Findings findings) {
    this.reader = reader;
    this.names = names;
    this.values = values;
    this.findings = findings;
  }

  @Override
  public void event(String name, int at) {
    event = name;
    guarded.clear();
  }

  @Override
  public void script(List<TclCommand> commands) throws TclException {
    boolean refused = false;
    for (TclCommand command : commands.reversed()) {
      if (command.is("if")) {
        silent(command, refused);
      }
      refused |= SourceLook.REFUSALS.contains(command.name());
    }
  }

  @Override
  public void command(TclCommand command) {
    ListUse use = ListUse.of(command);
    if (use != null) {
      list(use);
    }
    switch (command.name()) {
      case "matchclass", "findclass" ->
          findings.add(
              LintKind.OLD_COMMAND,
              command.at(),
              command.name() + " is out of date since version 10",
              command.is("matchclass")
                  ? "Write class match ITEM " + operator(command) + " LIST."
                  : "Write class match -value ITEM equals LIST.");
      case "global" -> global(command.at(), "global");
      case "set", "incr", "append", "lappend", "unset", "array" -> written(command);
      default -> {}
    }
  }

  @Override
  public void variable(TclPart.Variable variable) {
    if (variable.global() && !listsAt.contains(variable.at())) {
      global(variable.at(), "$" + variable.name());
    }
  }

  private static String operator(TclCommand matchclass) {
    String operator = matchclass.argument(2);
    return operator == null ? "equals" : Findings.cut(operator);
  }

  private void written(TclCommand command) {
    String variable = command.argument(command.is("array") ? 2 : 1);
    if (variable != null && variable.startsWith("::")) {
      global(command.at(), command.name() + " " + variable);
    } else if (variable != null
        && variable.startsWith("static::")
        && !Set.of(RuleEvents.INIT, "proc").contains(event)
        && (command.is("set") ? command.words().size() > 2 : !command.is("array"))) {
      findings.add(
          LintKind.STATIC_OUTSIDE_INIT,
          command.at(),
          Findings.quote(variable)
              + " is set outside RULE_INIT: all connections share it, and every core has one of its own",
          "Set it in RULE_INIT; for one connection leave static:: out, for all of them use table.");
    }
  }

  private void global(int at, String text) {
    findings.add(
        LintKind.GLOBAL_VARIABLE,
        at,
        Findings.quote(text)
            + " is a global variable: it binds every virtual server with this rule to one core (no CMP)",
        "For a constant write set static::NAME in RULE_INIT and read $static::NAME; for one connection leave the :: out.");
  }

  private void list(ListUse use) {
    String written = use.written();
    String name = use.name();
    if (written == null || name == null) {
      inVariable(use);
      return;
    }
    if (!name.equals(written)) {
      listsAt.add(use.list().at());
      findings.add(
          LintKind.GLOBAL_LIST,
          use.list().at(),
          Findings.quote(written)
              + " names a list as versions before 9.4.4 did: versions 9.4.4 to 10 bind the virtual server to one core,"
              + " version 11 and later stop with an error at run time and reset the client",
          "Write %s in place of %s.".formatted(Findings.cut(name), Findings.cut(written)));
    }
    if (use.kind() == ListUse.Kind.EXISTS) {
      guarded.add(BigipObject.path(name));
    } else {
      used(use, name, written.startsWith("$"));
    }
  }

  private void inVariable(ListUse use) {
    TclPart.Variable variable = use.list().variable();
    Set<String> lists = variable == null ? null : values.of(variable.name());
    if (use.kind() == ListUse.Kind.EXISTS) {
      for (String list : lists == null ? Set.<String>of() : lists) {
        guarded.add(BigipObject.path(list));
      }
    } else if (lists == null) {
      findings.add(
          LintKind.NAME_IN_VARIABLE,
          use.command().at(),
          "which list this is, is known at run time only; one that does not exist is an error there, and a reset for the client",
          "Name the list itself.");
    } else {
      lists.forEach(list -> used(use, list, true));
    }
  }

  private void used(ListUse use, String list, boolean late) {
    AddressList held = names.list(list);
    if (names.lacksList(list)) {
      findings.add(
          LintKind.MISSING_LIST,
          use.list().at(),
          "the list " + Findings.quote(list) + " is not in this file",
          "Create the data group, or correct its name; one in another partition than Common is named /PARTITION/NAME.");
    } else if (held != null && held.holds() == Holds.OTHERS && use.ofClient()) {
      findings.add(
          LintKind.LIST_OF_OTHERS,
          use.list().at(),
          "the client's address is held against "
              + Findings.quote(list)
              + ", which is no list of addresses: it is compared as text, and a network never matches",
          "Make it a data group of type Address (ip).");
    } else if (held == null && !guarded.contains(BigipObject.path(list))) {
      notShown(use, list, late);
    }
  }

  /** BIG-IP looks for a list when a rule is loaded; for one that a variable names, only later. */
  private void notShown(ListUse use, String list, boolean late) {
    if (late) {
      findings.add(
          LintKind.NO_GUARD,
          use.command().at(),
          "nobody has asked whether the list "
              + Findings.quote(list)
              + " exists; if not, the rule stops with an error at run time and the client is reset",
          "Write [class exists "
              + Findings.cut(list)
              + "] && before it; or see to it that the list exists.");
    } else if (noted.add(BigipObject.path(list))) {
      findings.add(
          LintKind.LIST_NOT_SHOWN,
          use.list().at(),
          "this file does not show whether the list "
              + Findings.quote(list)
              + " exists; BIG-IP refuses to load a rule that names one that does not",
          "Create the list before the rule.");
    }
  }

  /**
   * A missing list must not look like a client that is not listed.
   *
   * @param refused whether whom no branch takes is refused behind it
   */
  private void silent(TclCommand command, boolean refused) throws TclException {
    If read = If.of(command);
    if (read == null || refuses(read.branches().getLast(), refused)) {
      return;
    }
    for (If.Branch branch : read.branches()) {
      TclWord condition = branch.condition();
      String list = condition == null ? null : existsIn(reader.expression(condition));
      if (condition != null && list != null && names.list(list) == null) {
        findings.add(
            LintKind.SILENT_FALLBACK,
            condition.at(),
            "if the list "
                + Findings.quote(list)
                + " is missing, every client goes the way of those that are not in it, and nobody is told",
            "Add a branch for ![class exists "
                + Findings.cut(list)
                + "] that logs it (log local0.alert).");
      }
    }
  }

  /** The list that a condition asks the existence of, and not whether it is missing. */
  private static @Nullable String existsIn(List<TclPart> condition) {
    String before = "";
    for (TclPart part : condition) {
      if (part instanceof TclPart.Text text) {
        before = text.text().stripTrailing();
      } else if (part instanceof TclPart.Script script && script.commands().size() == 1) {
        ListUse use = ListUse.of(script.commands().getFirst());
        boolean denied = before.endsWith("!") || before.endsWith("not");
        if (use != null && use.kind() == ListUse.Kind.EXISTS && !denied) {
          return use.list().literal();
        }
        before = "";
      }
    }
    return null;
  }

  private boolean refuses(If.Branch last, boolean refused) throws TclException {
    if (last.condition() != null) {
      return refused;
    } else if (!last.body().braced()) {
      return false;
    }
    return reader.body(last.body()).stream()
        .anyMatch(each -> SourceLook.REFUSALS.contains(each.name()));
  }
}
