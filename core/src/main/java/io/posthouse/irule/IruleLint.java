package io.posthouse.irule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks at iRules: those of a bigip.conf (version 9 to 17), or one that stands in a file alone.
 *
 * <p>Any text gets an answer, in a time that its length bounds.
 */
public final class IruleLint {
  /** The longest text that is looked at, in characters. */
  public static final int LONGEST = 1 << 20;

  private static final Set<String> MAIL_PORTS =
      Set.of(
          "25",
          "smtp",
          "465",
          "smtps",
          "urd",
          "submissions",
          "587",
          "submission",
          "msa",
          "2525",
          "0",
          "any",
          "*",
          "");

  private final TclReader reader;
  private final Findings findings;
  private final List<LintedRule> rules = new ArrayList<>();
  private final List<String> passedOver = new ArrayList<>();

  private IruleLint(String text) {
    reader = new TclReader(text);
    findings = new Findings(new Positions(text));
  }

  /** What is to be said of a file. */
  public static Linted of(String text) {
    String lines = text.replace("\r\n", "\n").replaceFirst("^\ufeff", " ");
    IruleLint lint = new IruleLint(lines);
    if (text.length() > LONGEST) {
      lint.findings.add(
          LintKind.SYNTAX,
          0,
          "the file is longer than 1 MiB and was not looked at",
          "Put the rules into a file of their own.");
    } else {
      lint.file(lines.length());
    }
    return new Linted(lint.rules, lint.passedOver, lint.findings.take(), lint.findings.untold());
  }

  private void file(int length) {
    List<TclCommand> top;
    try {
      top = reader.script(0, length);
    } catch (TclException unreadable) {
      unreadable("the file", unreadable);
      return;
    }
    if (BigipFile.isBareRule(top)) {
      if (top.isEmpty()) {
        noRule();
      } else {
        rule("", top.getFirst().at(), RuleEvents.of(top, findings), BigipNames.NONE);
      }
      return;
    }
    List<BigipObject> objects = BigipFile.objects(top);
    BigipNames names = BigipNamesReader.read(reader, objects);
    for (BigipObject object : objects) {
      if (object.kind().equals("rule")) {
        object(object, names);
      }
    }
    if (rules.isEmpty() && passedOver.isEmpty()) {
      noRule();
    }
  }

  private void noRule() {
    findings.add(
        LintKind.NO_RULE,
        0,
        "the file has no iRule: neither rule NAME { ... }, ltm rule NAME { ... } nor when EVENT { ... }",
        "Name a bigip.conf, or a file with one rule.");
  }

  private void unreadable(String what, TclException why) {
    findings.add(
        LintKind.SYNTAX,
        why.at(),
        what + " cannot be read: it " + why.why(),
        "Correct it; BIG-IP cannot load it either.");
  }

  private void object(BigipObject object, BigipNames names) {
    try {
      RuleEvents events = RuleEvents.of(reader.body(object.body()), findings);
      if (isForMail(object.name(), events, names)) {
        rule(object.name(), object.at(), events, names);
      } else {
        findings.forget();
        passedOver.add(object.name());
      }
    } catch (TclException unreadable) {
      unreadable("the rule", unreadable);
      rules.add(
          new LintedRule(
              object.name(),
              findings.place(object.at()),
              findings.take(),
              List.of(),
              none(unreadable)));
    }
  }

  /** Rules of web servers stand in the same file. */
  private static boolean isForMail(String name, RuleEvents events, BigipNames names) {
    List<BigipNames.Virtual> virtuals = names.virtualsOf(name);
    if (virtuals.isEmpty()) {
      return !events.onlyForeign();
    }
    return virtuals.stream().anyMatch(each -> MAIL_PORTS.contains(each.port()));
  }

  private void rule(String name, int at, RuleEvents events, BigipNames names) {
    Values values = new Values();
    CounterpartLook counterparts = new CounterpartLook(findings);
    RuleWalk first = new RuleWalk(reader, List.of(values));
    RuleWalk second =
        new RuleWalk(
            reader,
            List.of(
                new ListLook(reader, names, values, findings),
                new SourceLook(names, values, findings),
                new TrafficLook(values, findings),
                new AddressLook(reader, findings),
                counterparts));
    TclException broken = null;
    for (RuleWalk walk : List.of(first, second)) {
      for (RuleEvents.Event event : events.all()) {
        try {
          walk.event(event.name(), event.at(), event.body());
        } catch (TclException unreadable) {
          broken = unreadable;
          if (walk == second) {
            unreadable("the event " + Findings.cut(event.name()), unreadable);
          }
        }
      }
    }
    Conversion conversion =
        broken == null ? converted(name, at, events, names, values) : none(broken);
    rules.add(
        new LintedRule(
            name, findings.place(at), findings.take(), counterparts.counterparts(), conversion));
  }

  private Conversion converted(
      String name, int at, RuleEvents events, BigipNames names, Values values) {
    try {
      ConditionReader conditions = new ConditionReader(reader);
      DecisionReader decisions = new DecisionReader(reader, conditions);
      RuleEvents.Event accepted = events.only(decisions, at);
      List<Decision> all = decisions.read(accepted.body(), events.constants(reader, values));
      return new Conversion.Same(ClassesYaml.of(all, conditions.lists(), names, name));
    } catch (NotUnderstoodException not) {
      return new Conversion.None(findings.place(not.at()), not.why());
    } catch (TclException unreadable) {
      return none(unreadable);
    }
  }

  private Conversion none(TclException unreadable) {
    return new Conversion.None(
        findings.place(unreadable.at()), "it cannot be read: it " + unreadable.why());
  }
}
