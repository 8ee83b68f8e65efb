package io.posthouse.probe;

import io.posthouse.door.ProbeReport.Direction;
import io.posthouse.door.ProbeReport.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What was said in one probe, line by line, exactly as it was on the wire; bounded.
 *
 * <p>A line that never ended is kept as far as it came.
 */
final class DialogueLog {
  private static final int MAX_LINES = 200;
  private static final int MAX_OCTETS = 65_536;

  private final List<Line> lines = new ArrayList<>();
  private final StringBuilder partial = new StringBuilder();
  private int octets;
  private boolean full;

  /** A remark of ours. */
  void note(String text) {
    endPartial();
    add(Direction.NOTE, text);
  }

  /** A line that was sent, without its end. */
  void sent(String line) {
    endPartial();
    add(Direction.TO_MEMBER, line);
  }

  /** Octets that were received, split in any way. */
  void received(byte[] buffer, int length) {
    for (int i = 0; i < length && !full; i++) {
      char c = (char) (buffer[i] & 0xff);
      if (c != '\n') {
        partial.append(c);
        if (partial.length() + octets > MAX_OCTETS) {
          endPartial();
        }
        continue;
      }
      int end = partial.length() - 1;
      if (end >= 0 && partial.charAt(end) == '\r') {
        partial.setLength(end);
      }
      add(Direction.FROM_MEMBER, partial.toString());
      partial.setLength(0);
    }
  }

  /** All of it. */
  List<Line> lines() {
    endPartial();
    return List.copyOf(lines);
  }

  private void endPartial() {
    if (!partial.isEmpty()) {
      add(Direction.FROM_MEMBER, partial.toString());
      partial.setLength(0);
    }
  }

  private void add(Direction direction, String text) {
    if (full) {
      return;
    }
    octets += text.getBytes(StandardCharsets.ISO_8859_1).length;
    if (lines.size() >= MAX_LINES || octets > MAX_OCTETS) {
      full = true;
      lines.add(new Line(Direction.NOTE, "more was said than is kept"));
    } else {
      lines.add(new Line(direction, text));
    }
  }
}
