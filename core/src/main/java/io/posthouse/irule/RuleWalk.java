package io.posthouse.irule;

import java.util.List;

/** Goes through a rule, into bodies, conditions and brackets, and shows each part to all looks. */
final class RuleWalk {
  private final TclReader reader;
  private final List<Look> looks;

  RuleWalk(TclReader reader, List<Look> looks) {
    this.reader = reader;
    this.looks = looks;
  }

  /** The body of an event. */
  void event(String name, int at, TclWord body) throws TclException {
    looks.forEach(look -> look.event(name, at));
    body(body, 0);
  }

  private void body(TclWord word, int depth) throws TclException {
    commands(word.braced() ? reader.body(word) : List.of(), depth);
    if (!word.braced()) {
      parts(word.parts(), depth);
    }
  }

  private void commands(List<TclCommand> commands, int depth) throws TclException {
    for (Look look : looks) {
      look.script(commands);
    }
    for (TclCommand command : commands) {
      if (depth > TclReader.DEEPEST) {
        throw new TclException(
            command.at(), "is nested deeper than " + TclReader.DEEPEST + " levels");
      }
      for (Look look : looks) {
        look.command(command);
      }
      inside(command, depth + 1);
    }
  }

  private void inside(TclCommand command, int depth) throws TclException {
    List<TclWord> words = command.words();
    int count = words.size();
    switch (command.name()) {
      case "if" -> branches(command, depth);
      case "while" -> {
        condition(words, 1, depth);
        bodies(words, 2, depth);
      }
      case "for" -> {
        bodies(words.subList(0, Math.min(2, count)), 1, depth);
        condition(words, 2, depth);
        bodies(words, 3, depth);
      }
      case "foreach" -> {
        others(words.subList(0, count - 1), depth);
        bodies(words, Math.max(1, count - 1), depth);
      }
      case "catch" -> {
        bodies(words.subList(0, Math.min(2, count)), 1, depth);
        others(words.subList(Math.min(2, count), count), depth);
      }
      case "eval", "after", "clientside", "serverside", "uplevel" -> bodies(words, 1, depth);
      case "expr" -> {
        for (TclWord word : command.arguments()) {
          parts(reader.expression(word), depth);
        }
      }
      case "switch" -> cases(command, depth);
      default -> others(words, depth);
    }
  }

  private void branches(TclCommand command, int depth) throws TclException {
    If read = If.of(command);
    if (read == null) {
      others(command.words(), depth);
      return;
    }
    for (If.Branch branch : read.branches()) {
      TclWord condition = branch.condition();
      if (condition != null) {
        parts(reader.expression(condition), depth);
      }
      body(branch.body(), depth);
    }
  }

  private void cases(TclCommand command, int depth) throws TclException {
    Switch read = Switch.of(reader, command);
    if (read == null) {
      others(command.words(), depth);
      return;
    }
    parts(read.value().parts(), depth);
    for (Switch.Case each : read.cases()) {
      if (!each.body().is("-")) {
        body(each.body(), depth);
      }
    }
  }

  private void condition(List<TclWord> words, int index, int depth) throws TclException {
    if (index < words.size()) {
      parts(reader.expression(words.get(index)), depth);
    }
  }

  private void bodies(List<TclWord> words, int from, int depth) throws TclException {
    for (TclWord word : words.subList(Math.min(from, words.size()), words.size())) {
      body(word, depth);
    }
  }

  private void others(List<TclWord> words, int depth) throws TclException {
    for (TclWord word : words) {
      parts(word.parts(), depth);
    }
  }

  private void parts(List<TclPart> parts, int depth) throws TclException {
    for (TclPart part : parts) {
      switch (part) {
        case TclPart.Text _ -> {}
        case TclPart.Variable variable -> looks.forEach(look -> look.variable(variable));
        case TclPart.Script script -> commands(script.commands(), depth);
      }
    }
  }
}
