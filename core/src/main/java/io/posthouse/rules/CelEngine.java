package io.posthouse.rules;

import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import io.posthouse.model.RuleEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * CEL, cut down to what a rule needs.
 *
 * <p>There is one set of names for all events, so that a name which is not known yet at an event
 * can be told from one that does not exist. Macros are left out, and with them all loops: what an
 * evaluation may cost is bounded by {@link #MOST_CHARACTERS} and {@link #MOST_NODES}. Data groups
 * are asked by a function and never become values, which CEL would convert at every evaluation.
 * Regular expressions must be literals, so that no client writes one; they are linear (RE2).
 */
final class CelEngine implements RuleEngine {
  private static final int MOST_CHARACTERS = 4096;
  private static final int MOST_NODES = 500;
  private static final int DEEPEST = 32;

  private final CelCompiler compiler;
  private final CelRuntime runtime;

  /** Made with the first rule: whoever has none pays nothing. */
  static final class Holder {
    static final CelEngine INSTANCE = new CelEngine();

    private Holder() {}
  }

  private CelEngine() {
    CelOptions options =
        CelOptions.current()
            .enableHeterogeneousNumericComparisons(true) // The planner knows no other.
            .maxExpressionCodePointSize(MOST_CHARACTERS)
            .maxParseExpressionNodeCount(MOST_NODES)
            .maxParseRecursionDepth(DEEPEST)
            .build();
    compiler = compiler(options);
    runtime = runtime(options);
  }

  private static CelCompiler compiler(CelOptions options) {
    CelCompilerBuilder names =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(options)
            .setResultType(SimpleType.BOOL)
            .addFunctionDeclarations(inGroup());
    Variable.ALL.forEach(each -> names.addVar(each.text(), each.type()));
    return names.build();
  }

  private static CelRuntime runtime(CelOptions options) {
    return CelRuntimeFactory.plannerRuntimeBuilder()
        .setOptions(options)
        .setStandardFunctions(
            CelStandardFunctions.newBuilder().excludeFunctions(StandardFunction.MATCHES).build())
        .addFunctionBindings(
            CelFunctionBinding.fromOverloads(
                "inGroup",
                CelFunctionBinding.from(
                    "client_in_group", RuleFacts.class, String.class, RuleFacts::clientIsIn),
                CelFunctionBinding.from(
                    "mailbox_in_group", Mailbox.class, String.class, Mailbox::isIn)))
        .addFunctionBindings(
            CelFunctionBinding.fromOverloads(
                "matches",
                CelFunctionBinding.from("matches", String.class, String.class, Regexes::matches),
                CelFunctionBinding.from(
                    "matches_string", String.class, String.class, Regexes::matches)))
        .build();
  }

  private static CelFunctionDecl inGroup() {
    return CelFunctionDecl.newFunctionDeclaration(
        "inGroup",
        CelOverloadDecl.newMemberOverload(
            "client_in_group", SimpleType.BOOL, Variable.CLIENT, SimpleType.STRING),
        CelOverloadDecl.newMemberOverload(
            "mailbox_in_group", SimpleType.BOOL, Variable.MAILBOX, SimpleType.STRING));
  }

  @Override
  public Reading read(RuleEvent at, String when) {
    CelValidationResult result = compiler.compile(when);
    List<Problem> problems = new ArrayList<>();
    for (CelIssue issue : result.getErrors()) {
      problems.add(
          new Problem(issue.getSourceLocation().getColumn(), CelWords.of(issue.getMessage(), at)));
    }
    if (!problems.isEmpty()) {
      return new Reading(problems, List.of());
    }
    try {
      return new CelReader(result.getAst(), at).read();
    } catch (CelValidationException told) {
      throw new AssertionError(told); // It has no errors.
    }
  }

  @Override
  public RuleCondition compile(RuleEvent at, String when) {
    try {
      CelAbstractSyntaxTree tree = compiler.compile(when).getAst();
      return new CelCondition(runtime.createProgram(tree), PlainConditions.of(tree).orElse(null));
    } catch (CelValidationException | CelEvaluationException | PatternSyntaxException unread) {
      throw new IllegalArgumentException("unread condition at " + at + ": " + when, unread);
    }
  }
}
