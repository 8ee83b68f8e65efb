package io.posthouse.rules;

import com.google.re2j.PatternSyntaxException;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelVariableResolver;
import dev.cel.runtime.Program;
import io.posthouse.smtp.Printable;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A condition in CEL.
 *
 * @param plain the same as plain Java, which costs less; null where only CEL can evaluate it
 */
record CelCondition(Program program, @Nullable Predicate<RuleFacts> plain)
    implements RuleCondition {
  private static final int LONGEST_REASON = 200;

  @Override
  public boolean holds(RuleFacts facts) throws RuleException {
    return plain == null ? evaluated(facts) : plain.test(facts);
  }

  /** Whether it holds, as CEL says. */
  boolean evaluated(RuleFacts facts) throws RuleException {
    return eval(
        name -> Optional.ofNullable(Variable.named(name)).map(variable -> variable.of(facts)));
  }

  /**
   * What is not known is an error to CEL, and an error on one side of {@code &&} or {@code ||} does
   * not matter where the other side decides.
   */
  @Override
  public Guess guess(RuleFacts facts, Set<String> unknown) throws RuleException {
    Set<String> missing = new TreeSet<>();
    CelVariableResolver names =
        name -> {
          if (unknown.contains(name)) {
            missing.add(name);
            return Optional.empty();
          }
          return Optional.ofNullable(Variable.named(name)).map(variable -> variable.of(facts));
        };
    try {
      return Guess.decided(eval(names));
    } catch (RuleException failure) {
      if (missing.isEmpty()) {
        throw failure;
      }
      return new Guess(false, missing);
    }
  }

  private boolean eval(CelVariableResolver names) throws RuleException {
    try {
      if (program.eval(names) instanceof Boolean holds) {
        return holds;
      }
      throw new RuleException("neither true nor false");
    } catch (CelEvaluationException | PatternSyntaxException | ClassCastException failure) {
      String reason = String.valueOf(failure.getMessage());
      throw new RuleException(
          Printable.line(reason.replaceFirst("^evaluation error at [^ ]*: ", ""), LONGEST_REASON));
    }
  }
}
