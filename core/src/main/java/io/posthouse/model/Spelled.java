package io.posthouse.model;

/**
 * An enum constant whose form in the file is not its name in lower case with dashes; every other
 * constant is spelt by that rule.
 */
public interface Spelled {
  /** The form in the file. */
  String spelling();

  /** The form in the file of any enum constant. */
  static String of(Enum<?> constant) {
    return constant instanceof Spelled spelled
        ? spelled.spelling()
        : constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
