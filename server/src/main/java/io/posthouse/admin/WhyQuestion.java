package io.posthouse.admin;

import io.posthouse.config.NearestWord;
import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Why.Explainer;
import io.posthouse.door.Why.Question;
import io.posthouse.model.IpAddress;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.CommandParser;
import io.posthouse.smtp.Path;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What {@code posthouse why} asks, as it comes in: texts of anybody. */
public final class WhyQuestion {
  private static final List<String> KEYS = List.of("client", "server", "sender", "recipient");
  private static final int LONGEST_ADDRESS = 64;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_MAILBOX = 256;

  private WhyQuestion() {}

  /**
   * The answer, as the API gives it.
   *
   * @param asked values by {@code client}, {@code server}, {@code sender} and {@code recipient}
   * @throws BadQuestionException when one of them cannot be taken
   */
  public static JsonNode answer(Map<String, String> asked, Explainer explainer) {
    return WhyJson.of(explainer.explain(read(asked)));
  }

  static Question read(Map<String, String> asked) {
    for (String key : asked.keySet()) {
      if (!KEYS.contains(key)) {
        String near =
            NearestWord.to(key, KEYS).map(each -> "; did you mean " + each + "?").orElse("");
        throw new BadQuestionException("there is no parameter " + shortened(key) + near);
      }
    }
    return new Question(
        client(asked.getOrDefault("client", "")),
        server(asked.get("server")),
        sender(asked.get("sender")),
        recipient(asked.get("recipient")));
  }

  private static InetAddress client(String text) {
    bounded("the address", text, LONGEST_ADDRESS);
    if (text.isEmpty()) {
      throw new BadQuestionException("which client? Name its address, such as 192.0.2.7");
    } else if (text.indexOf('%') >= 0 || text.indexOf('/') >= 0) {
      throw new BadQuestionException(
          text + " is not one address: write it without a zone or a prefix length");
    }
    return IpAddress.parse(text)
        .orElseThrow(() ->
            new BadQuestionException(
                text
                    + " is no address; DNS is not asked, so write one such as 192.0.2.7 or"
                    + " 2001:db8::7"));
  }

  private static @Nullable String server(@Nullable String name) {
    if (name != null) {
      bounded("the name of a virtual server", name, LONGEST_NAME);
    }
    return name;
  }

  private static @Nullable String sender(@Nullable String written) {
    if (written == null) {
      return null;
    }
    String path = path("the sender", written);
    boolean good =
        CommandParser.parse("MAIL FROM:<" + octets(path) + "> SMTPUTF8") instanceof Command.Mail m
            && m.line().equals("MAIL FROM:<" + m.sender().text() + "> SMTPUTF8");
    return path(good, path, "no sender's address; write one such as a@example.org, or <>");
  }

  private static @Nullable String recipient(@Nullable String written) {
    if (written == null) {
      return null;
    }
    String path = path("the recipient", written);
    Path parsed = Path.parse(path);
    return path(
        parsed != null && !parsed.isNull(),
        path,
        "no recipient's address; write one such as b@example.org");
  }

  /** The path without angle brackets, if somebody wrote any. */
  private static String path(String what, String written) {
    bounded(what, written, LONGEST_MAILBOX);
    boolean brackets = written.startsWith("<") && written.endsWith(">") && written.length() > 1;
    return brackets ? written.substring(1, written.length() - 1) : written;
  }

  private static String path(boolean good, String path, String problem) {
    if (!good) {
      throw new BadQuestionException("<" + path + "> is " + problem);
    }
    return path;
  }

  /** As a client sends it: a char for each octet. */
  private static String octets(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static void bounded(String what, String text, int most) {
    if (text.length() > most) {
      throw new BadQuestionException("%s is longer than %d characters".formatted(what, most));
    } else if (text.chars().anyMatch(Character::isISOControl)) {
      throw new BadQuestionException(what + " has control characters");
    }
  }

  private static String shortened(String text) {
    return text.length() > LONGEST_NAME ? text.substring(0, LONGEST_NAME) + "..." : text;
  }
}
