package io.posthouse.smtp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a server offers in its EHLO reply (RFC 5321 section 4.1.1.1).
 *
 * @param parameters keyword in upper case to the text after it, in the order of the reply
 */
public record EhloKeywords(Map<String, String> parameters) {
  private static final EhloKeywords NONE = new EhloKeywords(Map.of());

  /** Keeps the order. */
  public EhloKeywords {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * The keywords of an EHLO reply; its first line names the server and offers nothing. A line that
   * begins with no visible ASCII is left out.
   */
  public static EhloKeywords of(Reply reply) {
    Map<String, String> parameters = new LinkedHashMap<>();
    List<String> lines = reply.lines();
    for (String line : lines.subList(1, lines.size())) {
      String text = line.strip();
      int space = text.indexOf(' ');
      String keyword = space < 0 ? text : text.substring(0, space);
      if (Octets.isVisible(keyword)) {
        parameters.putIfAbsent(
            Octets.upper(keyword), space < 0 ? "" : text.substring(space + 1).strip());
      }
    }
    return new EhloKeywords(parameters);
  }

  /** Nothing, as after HELO. */
  public static EhloKeywords none() {
    return NONE;
  }

  /** Each keyword as a line of an EHLO reply shows it. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(parameters.size());
    parameters.forEach(
        (keyword, text) -> lines.add(text.isEmpty() ? keyword : keyword + ' ' + text));
    return lines;
  }

  /** The same with one more, or another text behind it. */
  public EhloKeywords with(String keyword, String text) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(keyword, text);
    return new EhloKeywords(more);
  }

  /** The same without one. */
  public EhloKeywords without(String keyword) {
    if (!has(keyword)) {
      return this;
    }
    Map<String, String> fewer = new LinkedHashMap<>(parameters);
    fewer.remove(keyword);
    return new EhloKeywords(fewer);
  }

  /** Whether the keyword, in upper case, is offered. */
  public boolean has(String keyword) {
    return parameters.containsKey(keyword);
  }

  /**
   * Whether a message that needs these keywords can be carried. SIZE alone is no need: it only
   * informs, and is left out for a server that does not know it.
   */
  public boolean carry(Set<String> needed) {
    for (String keyword : needed) {
      if (!has(keyword) && !keyword.equals("SIZE")) {
        return false;
      }
    }
    return true;
  }

  /** The words after a keyword, in upper case. */
  public List<String> words(String keyword) {
    List<String> words = new ArrayList<>();
    for (String word : parameters.getOrDefault(keyword, "").split(" +", 0)) {
      if (!word.isEmpty()) {
        words.add(Octets.upper(word));
      }
    }
    return words;
  }

  /** The text after a keyword, which may be empty; nothing when it is not offered. */
  public Optional<String> parametersOf(String keyword) {
    return Optional.ofNullable(parameters.get(keyword));
  }
}
