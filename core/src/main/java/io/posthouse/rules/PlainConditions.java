package io.posthouse.rules;

import com.google.re2j.Pattern;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes plain Java of a tree that CEL has read and checked, as far as it consists of what most
 * conditions are made of: names, literals, comparisons, beginnings, ends and parts of texts, lists
 * of literals, data groups, regular expressions, the hour and the day. None of that can fail, so
 * the order of evaluation does not matter, and it means what it means to CEL.
 */
final class PlainConditions {
  private static final int SUNDAY = 7;

  private final CelAbstractSyntaxTree tree;

  private PlainConditions(CelAbstractSyntaxTree tree) {
    this.tree = tree;
  }

  /** The condition of a tree; empty when anything in it is left to CEL. */
  static Optional<Predicate<RuleFacts>> of(CelAbstractSyntaxTree tree) {
    return new PlainConditions(tree).test(tree.getExpr());
  }

  // ---- what is true or false

  private Optional<Predicate<RuleFacts>> test(CelExpr node) {
    if (isCall(node)) {
      return call(node.call().function(), sides(node.call()));
    }
    Optional<Predicate<RuleFacts>> literal =
        constant(node, CelConstant.Kind.BOOLEAN_VALUE).map(it -> _ -> it.booleanValue());
    return literal.or(
        () -> value(node, SimpleType.BOOL).map(it -> facts -> (Boolean) it.apply(facts)));
  }

  private Optional<Predicate<RuleFacts>> call(String function, List<CelExpr> sides) {
    return switch (function) {
      case "_&&_" -> both(test(sides.getFirst()), test(sides.getLast()), Predicate::and);
      case "_||_" -> both(test(sides.getFirst()), test(sides.getLast()), Predicate::or);
      case "!_" -> test(sides.getFirst()).map(Predicate::not);
      case "_==_" -> equal(sides);
      case "_!=_" -> equal(sides).map(Predicate::not);
      case "_<_" -> numbers(sides, (left, right) -> left < right);
      case "_<=_" -> numbers(sides, (left, right) -> left <= right);
      case "_>_" -> numbers(sides, (left, right) -> left > right);
      case "_>=_" -> numbers(sides, (left, right) -> left >= right);
      case "@in" -> in(sides.getFirst(), sides.getLast());
      case "startsWith" -> texts(sides, String::startsWith);
      case "endsWith" -> texts(sides, String::endsWith);
      case "contains" -> texts(sides, String::contains);
      case "matches" -> both(text(sides.getFirst()), regex(sides.getLast()), PlainConditions::find);
      case "inGroup" -> inGroup(sides.getFirst(), sides.getLast());
      default -> Optional.empty();
    };
  }

  private Optional<Predicate<RuleFacts>> equal(List<CelExpr> sides) {
    return texts(sides, String::equals)
        .or(() -> numbers(sides, (left, right) -> left == right))
        .or(() ->
            both(
                test(sides.getFirst()),
                test(sides.getLast()),
                (left, right) -> facts -> left.test(facts) == right.test(facts)));
  }

  private Optional<Predicate<RuleFacts>> in(CelExpr side, CelExpr list) {
    if (list.exprKind().getKind() != ExprKind.Kind.LIST) {
      return Optional.empty();
    }
    List<CelExpr> all = list.list().elements();
    Optional<Predicate<RuleFacts>> ofTexts =
        both(
            text(side),
            literals(all, CelConstant.Kind.STRING_VALUE, CelConstant::stringValue),
            (text, among) -> facts -> among.contains(text.apply(facts)));
    return ofTexts.or(() ->
        both(
            number(side),
            literals(all, CelConstant.Kind.INT64_VALUE, CelConstant::int64Value),
            (number, among) -> facts -> among.contains(number.applyAsLong(facts))));
  }

  private Optional<Predicate<RuleFacts>> inGroup(CelExpr side, CelExpr group) {
    return constant(group, CelConstant.Kind.STRING_VALUE)
        .map(CelConstant::stringValue)
        .flatMap(name -> {
          Optional<Predicate<RuleFacts>> client =
              value(side, Variable.CLIENT).map(_ -> facts -> facts.clientIsIn(name));
          return client.or(() ->
              value(side, Variable.MAILBOX)
                  .map(it -> facts -> ((Mailbox) it.apply(facts)).isIn(name)));
        });
  }

  private static Predicate<RuleFacts> find(Function<RuleFacts, String> text, Pattern regex) {
    return facts -> regex.matcher(text.apply(facts)).find();
  }

  private Optional<Pattern> regex(CelExpr node) {
    return constant(node, CelConstant.Kind.STRING_VALUE).map(it -> Regexes.of(it.stringValue()));
  }

  // ---- its parts

  private interface Comparison {
    boolean holds(long left, long right);
  }

  private Optional<Predicate<RuleFacts>> numbers(List<CelExpr> sides, Comparison comparison) {
    return both(
        number(sides.getFirst()),
        number(sides.getLast()),
        (left, right) ->
            facts -> comparison.holds(left.applyAsLong(facts), right.applyAsLong(facts)));
  }

  private Optional<Predicate<RuleFacts>> texts(
      List<CelExpr> sides, BiPredicate<String, String> comparison) {
    return both(
        text(sides.getFirst()),
        text(sides.getLast()),
        (left, right) -> facts -> comparison.test(left.apply(facts), right.apply(facts)));
  }

  private Optional<Function<RuleFacts, String>> text(CelExpr node) {
    Optional<Function<RuleFacts, String>> literal =
        constant(node, CelConstant.Kind.STRING_VALUE)
            .map(CelConstant::stringValue)
            .map(it -> _ -> it);
    return literal.or(
        () -> value(node, SimpleType.STRING).map(it -> facts -> (String) it.apply(facts)));
  }

  private Optional<ToLongFunction<RuleFacts>> number(CelExpr node) {
    if (isCall(node)) {
      return clock(node.call());
    }
    Optional<ToLongFunction<RuleFacts>> literal =
        constant(node, CelConstant.Kind.INT64_VALUE)
            .map(CelConstant::int64Value)
            .map(it -> _ -> it);
    return literal.or(() -> value(node, SimpleType.INT).map(it -> facts -> (Long) it.apply(facts)));
  }

  private Optional<ToLongFunction<RuleFacts>> clock(CelExpr.CelCall call) {
    Optional<Function<ZonedDateTime, Integer>> part =
        switch (call.function()) {
          case "getHours" -> Optional.of(ZonedDateTime::getHour);
          case "getMinutes" -> Optional.of(ZonedDateTime::getMinute);
          case "getDayOfWeek" -> Optional.of(time -> time.getDayOfWeek().getValue() % SUNDAY);
          default -> Optional.empty();
        };
    return call.target().flatMap(side -> value(side, SimpleType.TIMESTAMP)).isEmpty()
        ? Optional.empty()
        : both(
            part, zone(call.args()), (get, zone) -> facts -> get.apply(facts.time().atZone(zone)));
  }

  /** None is UTC. What is no name of a zone, CEL may still read as an offset. */
  private static Optional<ZoneId> zone(List<CelExpr> args) {
    return args.isEmpty()
        ? Optional.of(ZoneOffset.UTC)
        : constant(args.getFirst(), CelConstant.Kind.STRING_VALUE)
            .map(CelConstant::stringValue)
            .filter(ZoneRulesProvider.getAvailableZoneIds()::contains)
            .map(ZoneId::of);
  }

  private static <T> Optional<Set<T>> literals(
      List<CelExpr> all, CelConstant.Kind kind, Function<CelConstant, T> value) {
    return all.stream().allMatch(each -> constant(each, kind).isPresent())
        ? Optional.of(
            all.stream().map(each -> value.apply(each.constant())).collect(Collectors.toSet()))
        : Optional.empty();
  }

  private static <A, B, C> Optional<C> both(
      Optional<A> left, Optional<B> right, BiFunction<A, B, C> join) {
    return left.flatMap(one -> right.map(other -> join.apply(one, other)));
  }

  // ---- what the tree holds

  private static boolean isCall(CelExpr node) {
    return node.exprKind().getKind() == ExprKind.Kind.CALL;
  }

  private static List<CelExpr> sides(CelExpr.CelCall call) {
    return Stream.concat(call.target().stream(), call.args().stream()).toList();
  }

  private static Optional<CelConstant> constant(CelExpr node, CelConstant.Kind kind) {
    return node.exprKind().getKind() == ExprKind.Kind.CONSTANT && node.constant().getKind() == kind
        ? Optional.of(node.constant())
        : Optional.empty();
  }

  private Optional<Function<RuleFacts, Object>> value(CelExpr node, CelType type) {
    CelReference reference = tree.getReferenceMap().get(node.id());
    return Optional.ofNullable(reference)
        .map(it -> Variable.named(it.name()))
        .filter(it -> it.type().equals(type))
        .map(Variable::value);
  }
}
