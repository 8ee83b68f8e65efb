package io.posthouse.irule;

import io.posthouse.irule.Who.Source;
import io.posthouse.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows what a rule does with a new connection, for every client at once, and writes it as a list
 * of decisions of which the first that fits holds.
 *
 * <p>What is not understood ends it: a list that may be laxer than the rule is worse than none.
 */
final class DecisionReader {
  private static final int MOST_STEPS = 20_000;
  private static final int MOST_DECISIONS = 100;
  private static final int DEEPEST = 64;

  /** Commands that change nothing, so that a log line may have them. */
  private static final Set<String> HARMLESS =
      Set.of(
          "IP::client_addr",
          "IP::remote_addr",
          "IP::local_addr",
          "IP::server_addr",
          "TCP::client_port",
          "TCP::remote_port",
          "TCP::local_port",
          "TCP::server_port",
          "LB::server",
          "clock");

  private final TclReader reader;
  private final ConditionReader conditions;
  private int steps;

  DecisionReader(TclReader reader, ConditionReader conditions) {
    this.reader = reader;
    this.conditions = conditions;
  }

  /** What has been chosen so far on a way through the rule, and what variables are. */
  private record State(Outcome outcome, Map<String, String> variables) {
    State with(Outcome other) {
      return new State(other, variables);
    }

    State with(String variable, @Nullable String value) {
      Map<String, String> all = new HashMap<>(variables);
      if (value == null) {
        all.remove(variable);
      } else {
        all.put(variable, value);
      }
      return new State(outcome, all);
    }
  }

  /** The decisions of an event; the last one is for everybody. */
  List<Decision> read(TclWord body, Map<String, String> constants)
      throws TclException, NotUnderstoodException {
    return decide(reader.body(body), new State(Outcome.NONE, constants), body.at(), 0);
  }

  /** Whether an event does nothing but write lines and set variables. */
  boolean isHarmless(TclWord body) throws TclException {
    return reader.body(body).stream()
        .allMatch(each -> isHarmless(each) && (each.is("log") || each.argument(1) != null));
  }

  private static boolean isHarmless(TclCommand command) {
    return (command.is("log") || (command.is("set") && command.words().size() == 3))
        && command.arguments().stream().allMatch(word -> isHarmless(word.parts()));
  }

  private static boolean isHarmless(List<TclPart> parts) {
    for (TclPart part : parts) {
      if (part instanceof TclPart.Script script
          && !script.commands().stream().allMatch(each -> isAsked(each) && onlyText(each))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAsked(TclCommand command) {
    return HARMLESS.contains(command.name()) || CounterpartLook.asksForName(command);
  }

  private static boolean onlyText(TclCommand command) {
    return command.words().stream().allMatch(word -> word.literal() != null);
  }

  private List<Decision> decide(List<TclCommand> commands, State begun, int at, int depth)
      throws TclException, NotUnderstoodException {
    if (depth > DEEPEST) {
      throw new NotUnderstoodException(at, "it is nested too deep");
    }
    State state = begun;
    for (int i = 0; i < commands.size(); i++) {
      TclCommand command = commands.get(i);
      if (++steps > MOST_STEPS) {
        throw new NotUnderstoodException(command.at(), "it has too many ways through it");
      }
      List<TclCommand> rest = commands.subList(i + 1, commands.size());
      switch (command.name()) {
        case "if" -> {
          return branches(ifChain(command), rest, state, command.at(), depth);
        }
        case "switch" -> {
          return branches(cases(command), rest, state, command.at(), depth);
        }
        case "reject", "drop", "discard" -> {
          return List.of(new Decision(Who.EVERYBODY, Outcome.REFUSED, command.at()));
        }
        case "return" -> {
          return List.of(new Decision(Who.EVERYBODY, state.outcome(), at));
        }
        default -> state = step(command, state);
      }
    }
    return List.of(new Decision(Who.EVERYBODY, state.outcome(), at));
  }

  private static State step(TclCommand command, State state) throws NotUnderstoodException {
    if (command.words().size() == 2) {
      Outcome outcome = state.outcome();
      switch (command.name()) {
        case "snat" -> {
          return state.with(outcome.withSnat(source(command, state)));
        }
        case "snatpool" -> {
          return state.with(outcome.withSnat(BigipObject.path(text(command, state))));
        }
        case "pool" -> {
          return state.with(outcome.withPool(BigipObject.path(text(command, state))));
        }
        default -> {}
      }
    }
    if (!isHarmless(command)) {
      String name = command.name();
      throw new NotUnderstoodException(
          command.at(),
          (name.isEmpty() ? "a command whose name is made at run time" : Findings.quote(name))
              + " is not understood here; only snat, snatpool, pool, reject, drop, discard, log, set, if and switch are");
    }
    String variable = command.argument(1);
    if (command.is("set") && variable == null) {
      throw new NotUnderstoodException(
          command.at(), "which variable is set is known at run time only");
    }
    return command.is("set") && variable != null
        ? state.with(variable, command.argument(2))
        : state;
  }

  private static String text(TclCommand command, State state) throws NotUnderstoodException {
    TclWord word = command.words().get(1);
    TclPart.Variable variable = word.variable();
    String text = variable != null ? state.variables().get(variable.name()) : word.literal();
    if (text == null || text.isEmpty()) {
      throw new NotUnderstoodException(
          word.at(), "what " + command.name() + " gets is known at run time only");
    }
    return text;
  }

  private static String source(TclCommand command, State state) throws NotUnderstoodException {
    String text = text(command, state);
    boolean address = text.indexOf('%') < 0 && IpAddress.parse(text).isPresent();
    if (!address && !text.equals("automap") && !text.equals("none")) {
      throw new NotUnderstoodException(command.at(), "snat takes automap, none or an address");
    }
    return text;
  }

  /** A way and who goes it; null for those who are left. */
  private record Way(@Nullable Who who, TclWord body) {}

  private List<Way> ifChain(TclCommand command) throws TclException, NotUnderstoodException {
    If read = If.of(command);
    if (read == null) {
      throw new NotUnderstoodException(command.at(), "this if is not well formed");
    }
    List<Way> ways = new ArrayList<>();
    for (If.Branch branch : read.branches()) {
      TclWord condition = branch.condition();
      ways.add(new Way(condition == null ? null : conditions.read(condition), branch.body()));
    }
    return ways;
  }

  private List<Way> cases(TclCommand command) throws TclException, NotUnderstoodException {
    Switch read = Switch.of(reader, command);
    if (read == null
        || !ListUse.isClient(read.value())
        || !Set.of("--", "-exact").containsAll(read.options())) {
      throw new NotUnderstoodException(
          command.at(), "only switch [IP::client_addr] with whole addresses is understood");
    }
    List<Way> ways = new ArrayList<>();
    Set<Source> shared = new LinkedHashSet<>();
    for (int i = 0; i < read.cases().size(); i++) {
      Switch.Case each = read.cases().get(i);
      String pattern = each.pattern().literal();
      boolean last = i == read.cases().size() - 1;
      boolean rest = last && "default".equals(pattern);
      if (pattern != null && IpAddress.isIpv4(pattern)) {
        shared.add(new Source(false, pattern));
      } else if (!rest) {
        throw new NotUnderstoodException(each.pattern().at(), "the pattern is no whole address");
      }
      if (!each.body().is("-")) {
        ways.add(new Way(rest ? null : new Who(false, Set.copyOf(shared)), each.body()));
        shared.clear();
      } else if (last) {
        throw new NotUnderstoodException(each.body().at(), "no body follows");
      }
    }
    return ways;
  }

  /** Each way goes on with what stands behind all of them. */
  private List<Decision> branches(
      List<Way> ways, List<TclCommand> rest, State state, int at, int depth)
      throws TclException, NotUnderstoodException {
    if (depth > DEEPEST) {
      throw new NotUnderstoodException(at, "it is nested too deep");
    }
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < ways.size(); i++) {
      Way way = ways.get(i);
      Who who = way.who();
      if (who != null && who.nobody()) {
        continue;
      } else if (who == null || who.everybody()) {
        decisions.addAll(follow(way, rest, state, depth));
        return bounded(decisions, at);
      } else if (who.others()) {
        // Whoever is listed goes the ways behind this one, all others this one.
        List<Way> behind = ways.subList(i + 1, ways.size());
        List<Decision> listed = branches(behind, rest, state, at, depth + 1);
        decisions.add(only(listed, who.not(), at));
        decisions.addAll(follow(way, rest, state, depth));
        return bounded(decisions, at);
      }
      decisions.add(only(follow(way, rest, state, depth), who, way.body().at()));
    }
    decisions.addAll(decide(rest, state, at, depth + 1));
    return bounded(decisions, at);
  }

  private List<Decision> follow(Way way, List<TclCommand> rest, State state, int depth)
      throws TclException, NotUnderstoodException {
    if (!way.body().braced()) {
      throw new NotUnderstoodException(way.body().at(), "the body stands in no braces");
    }
    List<TclCommand> all = new ArrayList<>(reader.body(way.body()));
    all.addAll(rest);
    steps += rest.size();
    return decide(all, state, way.body().at(), depth + 1);
  }

  private static Decision only(List<Decision> decisions, Who who, int at)
      throws NotUnderstoodException {
    if (decisions.size() != 1) {
      throw new NotUnderstoodException(
          at,
          "clients of one list are told apart once more; client classes are no lists within lists");
    }
    return new Decision(who, decisions.getFirst().outcome(), decisions.getFirst().at());
  }

  private static List<Decision> bounded(List<Decision> decisions, int at)
      throws NotUnderstoodException {
    if (decisions.size() > MOST_DECISIONS) {
      throw new NotUnderstoodException(at, "it has more than " + MOST_DECISIONS + " branches");
    }
    return decisions;
  }
}
