package io.posthouse.rules;

import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.navigation.CelNavigableAst;
import io.posthouse.model.DataGroup;
import io.posthouse.model.RuleEvent;
import io.posthouse.rules.RuleEngine.Group;
import io.posthouse.rules.RuleEngine.Problem;
import io.posthouse.rules.RuleEngine.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Looks for what CEL's own checker lets pass in a tree that it finds good. */
final class CelReader {
  private static final Set<String> COMPARING =
      Set.of("_==_", "_!=_", "@in", "startsWith", "endsWith", "contains");

  private final CelAbstractSyntaxTree tree;
  private final RuleEvent event;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();

  CelReader(CelAbstractSyntaxTree tree, RuleEvent event) {
    this.tree = tree;
    this.event = event;
  }

  Reading read() {
    CelNavigableAst.fromAst(tree).getRoot().allNodes().forEach(node -> look(node.expr()));
    return new Reading(problems, groups);
  }

  private void look(CelExpr node) {
    CelReference reference = tree.getReferenceMap().get(node.id());
    Variable variable = reference == null ? null : Variable.named(reference.name());
    if (variable != null && !variable.known().contains(event)) {
      problem(node, CelWords.unknown(variable, event));
    }
    if (node.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL) {
      call(node.call());
    }
  }

  private void call(CelExpr.CelCall call) {
    if (COMPARING.contains(call.function())) {
      compare(Stream.concat(call.target().stream(), call.args().stream()).toList());
    } else if (call.function().equals("inGroup")) {
      group(call.target().orElseThrow(), call.args().getFirst());
    } else if (call.function().equals("matches")) {
      regex(call.args().getLast());
    }
  }

  /** A name and a text, or a list of texts, in any order. */
  private void compare(List<CelExpr> sides) {
    for (CelExpr side : sides) {
      CelReference name = tree.getReferenceMap().get(side.id());
      if (name != null) {
        for (CelExpr other : sides) {
          texts(other).forEach(text -> spelling(name.name(), text));
        }
      }
    }
  }

  private static Stream<CelExpr> texts(CelExpr side) {
    boolean list = side.exprKind().getKind() == CelExpr.ExprKind.Kind.LIST;
    return (list ? side.list().elements().stream() : Stream.of(side)).filter(CelReader::isText);
  }

  private void spelling(String name, CelExpr text) {
    String said = text.constant().stringValue();
    Spelling.problem(name, said).ifPresent(it -> problem(text, "'" + said + "' " + it));
  }

  private void group(CelExpr asked, CelExpr name) {
    if (!isText(name)) {
      problem(name, "inGroup takes the name of a data group in quotes; write it so");
      return;
    }
    boolean client = tree.getTypeOrThrow(asked.id()).equals(Variable.CLIENT);
    DataGroup.Type type = client ? DataGroup.Type.ADDRESS : DataGroup.Type.DOMAIN;
    groups.add(new Group(name.constant().stringValue(), type, position(name)));
  }

  private void regex(CelExpr regex) {
    if (!isText(regex)) {
      problem(
          regex,
          "matches takes a regular expression in quotes, so that no client writes one; for other texts"
              + " there are ==, contains, startsWith and endsWith");
      return;
    }
    try {
      Regexes.of(regex.constant().stringValue());
    } catch (PatternSyntaxException bad) {
      problem(regex, "is no regular expression: " + Regexes.problem(bad));
    }
  }

  private static boolean isText(CelExpr node) {
    return node.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && node.constant().getKind() == CelConstant.Kind.STRING_VALUE;
  }

  private void problem(CelExpr at, String message) {
    problems.add(new Problem(position(at), message));
  }

  private int position(CelExpr node) {
    return tree.getSource().getPositionsMap().getOrDefault(node.id(), 0);
  }
}
