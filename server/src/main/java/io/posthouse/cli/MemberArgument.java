package io.posthouse.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A member as it is written on the command line: POOL/MEMBER. */
record MemberArgument(String pool, String member) {

  @Override
  public String toString() {
    return pool + "/" + member;
  }

  /** Reads it. */
  static final class Converter implements ITypeConverter<MemberArgument> {
    @Override
    public MemberArgument convert(String text) {
      int slash = text.indexOf('/');
      if (slash <= 0 || slash == text.length() - 1) {
        throw new TypeConversionException(
            "'" + text + "' is not POOL/MEMBER, as in hub/ex1; posthouse status lists them");
      }
      return new MemberArgument(text.substring(0, slash), text.substring(slash + 1));
    }
  }
}
