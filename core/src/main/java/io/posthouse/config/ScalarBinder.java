package io.posthouse.config;

import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.model.Monitor;
import io.posthouse.model.Size;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;

/** Reads single values: the text of a scalar to a Java value, or a problem with its remedy. */
final class ScalarBinder {
  static final int MAX_TEXT = 4096;

  private final Problems problems;

  ScalarBinder(Problems problems) {
    this.problems = problems;
  }

  /** The value of a scalar; empty when it cannot be read, and then a problem says why. */
  Optional<?> bind(Shape shape, Yaml.Scalar scalar, String path) {
    if (scalar.type() == Yaml.Type.NOTHING) {
      return refuse(scalar, path, "has no value; write one, or remove the key");
    }
    return switch (shape) {
      case Shape.Text text -> text(scalar, path);
      case Shape.Whole whole -> whole(whole, scalar, path);
      case Shape.Flag flag -> flag(scalar, path);
      case Shape.Span span -> span(span, scalar, path);
      case Shape.Octets octets -> octets(octets, scalar, path);
      case Shape.Choice choice -> choice(choice, scalar, path);
      case Shape.HostAndPort endpoint -> endpoint(scalar, path);
      case Shape.PortOrMember port -> port(scalar, path);
      case Shape.Listing list -> throw new IllegalStateException("no scalar: " + list);
      case Shape.Named named -> throw new IllegalStateException("no scalar: " + named);
      case Shape.Block block -> throw new IllegalStateException("no scalar: " + block.type());
    };
  }

  private Optional<?> text(Yaml.Scalar scalar, String path) {
    String text = scalar.text();
    if (scalar.type() != Yaml.Type.TEXT) {
      return refuse(
          scalar,
          path,
          "expected text, not " + scalar.kind() + "; write it in quotes: " + Words.quote(text));
    } else if (Words.hasControls(text)) {
      return refuse(
          scalar, path, Words.quote(text) + " holds a line break or control character; remove it");
    } else if (text.length() > MAX_TEXT) {
      return refuse(
          scalar,
          path,
          "has " + text.length() + " characters; at most " + MAX_TEXT + " are allowed");
    }
    return Optional.of(text);
  }

  private Optional<?> whole(Shape.Whole shape, Yaml.Scalar scalar, String path) {
    if (scalar.type() != Yaml.Type.WHOLE_NUMBER) {
      String remedy = scalar.text().matches("[0-9]+") ? "; remove the quotes" : "";
      return refuse(scalar, path, "expected a whole number, not " + scalar.kind() + remedy);
    }
    BigInteger number = new BigInteger(scalar.text());
    if (number.compareTo(BigInteger.valueOf(shape.min())) < 0
        || number.compareTo(BigInteger.valueOf(shape.max())) > 0) {
      String bounds =
          shape.min() == shape.max()
              ? "must be " + shape.min()
              : "must be from " + shape.min() + " to " + shape.max();
      return refuse(scalar, path, bounds + ", not " + Words.shorten(scalar.text()));
    }
    return Optional.of(number.intValueExact());
  }

  private Optional<?> flag(Yaml.Scalar scalar, String path) {
    if (scalar.type() != Yaml.Type.TRUTH) {
      return refuse(scalar, path, "expected true or false, not " + scalar.kind());
    }
    return Optional.of(scalar.text().equals("true"));
  }

  private Optional<?> span(Shape.Span shape, Yaml.Scalar scalar, String path) {
    String text = Words.shorten(scalar.text());
    if (scalar.text().matches("[0-9]+")) {
      return refuse(
          scalar,
          path,
          "expected a time, and " + text + " has no unit; write " + text + "s or " + text + "ms");
    }
    Optional<Duration> time =
        scalar.type() == Yaml.Type.TEXT ? Times.parse(scalar.text()) : Optional.empty();
    if (time.isEmpty()) {
      return refuse(
          scalar,
          path,
          "expected a time, not "
              + Words.quote(text)
              + "; write a whole number and one of the units ms, s, m, h, d, such as 5s");
    }
    long millis = time.get().toMillis();
    if (millis < shape.minMillis() || millis > shape.maxMillis()) {
      return refuse(
          scalar,
          path,
          "must be from "
              + Times.print(shape.minMillis())
              + " to "
              + Times.print(shape.maxMillis())
              + ", not "
              + text);
    }
    return time;
  }

  private Optional<?> octets(Shape.Octets shape, Yaml.Scalar scalar, String path) {
    String text = Words.shorten(scalar.text());
    boolean plain = scalar.type() == Yaml.Type.TEXT || scalar.type() == Yaml.Type.WHOLE_NUMBER;
    Optional<Size> size = plain ? Sizes.parse(scalar.text()) : Optional.empty();
    if (size.isEmpty()) {
      return refuse(scalar, path, "expected a size, " + Sizes.remedy(scalar.text()));
    }
    long octets = size.get().octets();
    if (octets < shape.min() || octets > shape.max()) {
      String bounds = Sizes.print(shape.min()) + " to " + Sizes.print(shape.max());
      return refuse(scalar, path, "must be from " + bounds + ", not " + text);
    }
    return size;
  }

  private Optional<?> choice(Shape.Choice shape, Yaml.Scalar scalar, String path) {
    Enum<?> word = shape.words().get(scalar.text());
    if (word != null) {
      return Optional.of(word);
    }
    String given = Words.quote(scalar.text());
    String near =
        NearestWord.to(scalar.text(), shape.words().keySet())
            .map(word1 -> "; did you mean " + word1 + "?")
            .orElse("");
    return refuse(
        scalar,
        path,
        "expected one of " + String.join(", ", shape.words().keySet()) + ", not " + given + near);
  }

  private Optional<?> endpoint(Yaml.Scalar scalar, String path) {
    Optional<Endpoint> endpoint = Endpoint.parse(scalar.text());
    if (endpoint.isPresent()) {
      return endpoint;
    }
    String text = scalar.text();
    String shown = Words.shorten(text);
    String remedy = "write an address or name, a colon and a port, such as 10.1.1.21:25";
    if (IpAddress.isIpv6(text)) {
      remedy = "an IPv6 address stands in brackets and quotes, with a port: \"[" + shown + "]:25\"";
    } else if (text.matches("[0-9]{1,5}")) {
      remedy = "the address is missing; write 10.1.1.21:" + shown;
    } else if (text.indexOf(':') < 0) {
      remedy = "the port is missing; write " + shown + ":25";
    } else if (text.matches(".*:[0-9]+")) {
      remedy += "; ports go to 65535";
    }
    return refuse(
        scalar, path, "expected a host and port, not " + Words.quote(text) + "; " + remedy);
  }

  private Optional<?> port(Yaml.Scalar scalar, String path) {
    String text = scalar.text();
    if (text.equals("member")) {
      return Optional.of(new Monitor.AliasPort(0));
    } else if (scalar.type() == Yaml.Type.WHOLE_NUMBER && text.matches("[1-9][0-9]{0,4}")) {
      int number = Integer.parseInt(text);
      if (number <= 65_535) {
        return Optional.of(new Monitor.AliasPort(number));
      }
    }
    return refuse(scalar, path, "expected member or a port from 1 to 65535, not " + scalar.kind());
  }

  private Optional<?> refuse(Yaml.Scalar scalar, String path, String message) {
    problems.error(scalar.at(), path, message);
    return Optional.empty();
  }
}
