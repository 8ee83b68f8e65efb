package io.posthouse.smtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads replies octet by octet, however they were split on their way (RFC 5321 section 4.2.1).
 *
 * <p>Every line is {@code code}, {@code code SP text} or {@code code-text} for all lines but the
 * last; all lines of one reply carry the same code. A line may end in a bare line feed, as some
 * servers send it: nothing is hidden in that, because replies are taken apart here and never passed
 * on as octets. A carriage return in the middle is refused.
 *
 * <p>Bounded: a line has at most {@value #MAX_LINE} octets (RFC 5321 section 4.5.3.1.5 says 512,
 * but servers exceed it; a challenge of AUTH may have 12288, RFC 4954 section 4), a reply at most
 * {@value #MAX_LINES} lines and {@value #MAX_OCTETS} octets.
 */
public final class ReplyParser {
  /** Most octets of a line, its end included. */
  public static final int MAX_LINE = 2048;

  /** Most octets of a challenge's line, its code and end included. */
  public static final int MAX_CHALLENGE = 12_288 + 6;

  /** Most lines of a reply. */
  public static final int MAX_LINES = 128;

  /** Most octets of a reply. */
  public static final int MAX_OCTETS = 32_768;

  private static final int USUAL_LINE = 128;

  private byte[] line = new byte[USUAL_LINE];
  private int length;
  private int octets;
  private boolean carriageReturn;
  private int code;
  private List<String> lines = List.of();

  /**
   * Takes one octet.
   *
   * @return whether it completes a reply, which {@link #take} must then fetch
   * @throws ReplyFormatException when this can no longer become a reply; the parser is useless then
   */
  public boolean accept(byte octet) {
    if (++octets > MAX_OCTETS) {
      throw new ReplyFormatException("a reply of more than " + MAX_OCTETS + " octets");
    }
    if (octet == '\n') {
      carriageReturn = false;
      return endLine();
    }
    if (carriageReturn) {
      throw new ReplyFormatException("a carriage return inside a reply line");
    }
    if (octet == '\r') {
      carriageReturn = true;
      return false;
    }
    if (length >= MAX_LINE - 2 && !isChallengeWithinLimit()) {
      throw new ReplyFormatException("a reply line of more than " + MAX_LINE + " octets");
    }
    if (length == line.length) {
      line = Arrays.copyOf(line, 2 * length);
    }
    line[length++] = octet;
    return false;
  }

  private boolean isChallengeWithinLimit() {
    return line[0] == '3' && line[1] == '3' && line[2] == '4' && length < MAX_CHALLENGE - 2;
  }

  /** Whether part of a reply was taken. */
  public boolean isMidway() {
    return octets > 0;
  }

  /** The reply that {@link #accept} completed; the parser is ready for the next one. */
  public Reply take() {
    Reply reply = new Reply(code, lines);
    code = 0;
    octets = 0;
    lines = List.of();
    return reply;
  }

  private boolean endLine() {
    int lineCode = code();
    if (code != 0 && code != lineCode) {
      throw new ReplyFormatException("a reply with two codes, " + code + " and " + lineCode);
    }
    if (lines.size() >= MAX_LINES) {
      throw new ReplyFormatException("a reply of more than " + MAX_LINES + " lines");
    }
    code = lineCode;
    boolean more = length > 3 && line[3] == '-';
    int start = Math.min(4, length);
    add(new String(line, start, length - start, StandardCharsets.ISO_8859_1), more);
    length = 0;
    return !more;
  }

  /** Most replies have one line, which needs no list that grows. */
  private void add(String text, boolean more) {
    if (lines.isEmpty() && !more) {
      lines = List.of(text);
      return;
    }
    if (lines.isEmpty()) {
      lines = new ArrayList<>();
    }
    lines.add(text);
  }

  private int code() {
    boolean digits =
        length >= 3 && line[0] >= '2' && line[0] <= '5' && isDigit(line[1]) && isDigit(line[2]);
    if (!digits || (length > 3 && line[3] != ' ' && line[3] != '-')) {
      String start = new String(line, 0, Math.min(length, 60), StandardCharsets.ISO_8859_1);
      throw new ReplyFormatException("not an SMTP reply: " + Printable.line(start, 80));
    }
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
  }

  private static boolean isDigit(byte octet) {
    return octet >= '0' && octet <= '9';
  }
}
