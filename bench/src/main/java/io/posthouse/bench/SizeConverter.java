package io.posthouse.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of octets: 4096, 4KiB, 20MB, 20MiB. */
public final class SizeConverter implements ITypeConverter<Integer> {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(B|kB|MB|KiB|MiB)?");

  @Override
  public Integer convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is no size such as 4096, 4KiB or 20MB");
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    long factor =
        switch (unit) {
          case "kB" -> 1_000;
          case "MB" -> 1_000_000;
          case "KiB" -> 1_024;
          case "MiB" -> 1_048_576;
          default -> 1;
        };
    long size = Long.parseLong(matcher.group(1)) * factor;
    if (size > 500_000_000) {
      throw new TypeConversionException(
          "'" + text + "' is more than 500MB, which is held in memory");
    }
    return (int) size;
  }
}
