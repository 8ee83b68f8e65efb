package io.posthouse.policy;

import io.posthouse.model.DataGroup;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a list file: one entry a line, {@code #} begins a comment, and blank lines do not
 * count. UTF-8, with or without a byte order mark; lines end with LF or CR LF.
 *
 * <p>Entries are kept as octets, for there may be hundreds of thousands of them.
 */
public final class ListText {
  /** No file is larger. */
  public static final int MOST_OCTETS = 32 << 20;

  /** No file has more entries. */
  public static final int MOST_ENTRIES = 1_000_000;

  /** No line is longer, its comment included. */
  public static final int LONGEST_LINE = 1_000;

  private static final int MOST_PROBLEMS = 20;
  private static final Pattern SEPARATOR = Pattern.compile("[ \t,;]");

  private final String file;
  private final DataGroup.Type type;
  private final List<Problem> problems = new ArrayList<>();
  private byte[] text;
  private int[] ends = new int[16];
  private int[] lines = new int[16];
  private int count;

  /**
   * Something wrong with a line.
   *
   * @param entry what stands there; empty when that cannot be told
   * @param message what is wrong with it, and the remedy
   */
  public record Problem(int line, String entry, String message) {}

  private ListText(String file, DataGroup.Type type, int octets) {
    this.file = file;
    this.type = type;
    this.text = new byte[octets];
  }

  /**
   * Reads the content of a file.
   *
   * @param file its name, as {@link Entry#place} shall tell it
   */
  public static ListText read(String file, DataGroup.Type type, byte[] content) {
    ListText read = new ListText(file, type, content.length);
    boolean mark =
        content.length >= 3
            && content[0] == (byte) 0xEF
            && content[1] == (byte) 0xBB
            && content[2] == (byte) 0xBF;
    int line = 0;
    int from = mark ? 3 : 0;
    while (from < content.length && read.problems.size() < MOST_PROBLEMS) {
      int end = from;
      while (end < content.length && content[end] != '\n') {
        end++;
      }
      read.line(++line, content, from, end);
      from = end + 1;
    }
    read.text = Arrays.copyOf(read.text, read.count == 0 ? 0 : read.ends[read.count - 1]);
    return read;
  }

  private void line(int line, byte[] content, int from, int end) {
    if (end - from > LONGEST_LINE) {
      problems.add(new Problem(line, "", "is longer than " + LONGEST_LINE + " octets; cut it"));
      return;
    }
    int last = from;
    while (last < end && content[last] != '#') {
      last++;
    }
    while (last > from && isBlank(content[last - 1])) {
      last--;
    }
    int first = from;
    while (first < last && isBlank(content[first])) {
      first++;
    }
    if (first < last) {
      entry(line, content, first, last);
    }
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r';
  }

  private void entry(int line, byte[] content, int from, int end) {
    String entry = decoded(content, from, end);
    Optional<String> problem =
        entry == null
            ? Optional.of("is not UTF-8; save the file as UTF-8")
            : SEPARATOR.matcher(entry).find()
                ? Optional.of("has more than one word; write one entry a line")
                : EntrySyntax.problem(type, entry);
    if (problem.isPresent()) {
      problems.add(new Problem(line, entry == null ? "" : entry, problem.get()));
    } else if (count == MOST_ENTRIES) {
      problems.add(
          new Problem(line, "", "is entry " + (count + 1) + "; " + MOST_ENTRIES + " are the most"));
    } else {
      keep(line, content, from, end);
    }
  }

  private void keep(int line, byte[] content, int from, int end) {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, count * 2);
      lines = Arrays.copyOf(lines, count * 2);
    }
    int start = count == 0 ? 0 : ends[count - 1];
    System.arraycopy(content, from, text, start, end - from);
    ends[count] = start + end - from;
    lines[count++] = line;
  }

  private static @Nullable String decoded(byte[] content, int from, int end) {
    int plain = from;
    while (plain < end && content[plain] >= 0) {
      plain++;
    }
    if (plain == end) {
      return new String(content, from, end - from, StandardCharsets.US_ASCII);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(content, from, end - from))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }

  /** What is wrong, at most twenty lines; it is of no use unless empty. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** How many entries it has. */
  public int size() {
    return count;
  }

  /** The entries of a group in their order: those of the configuration, then those of its list. */
  public static List<Entry> entries(DataGroup group, @Nullable ListText list) {
    List<Entry> inline =
        group.values().stream().map(text -> new Entry(text, "the configuration file")).toList();
    return list == null ? inline : list.new View(inline);
  }

  /** The text of an entry, without the cost of its place where the list can do so. */
  static String text(List<Entry> entries, int index) {
    return entries instanceof ListText.View view ? view.text(index) : entries.get(index).text();
  }

  /** Entries as they are asked for. */
  private final class View extends AbstractList<Entry> implements RandomAccess {
    private final List<Entry> inline;

    View(List<Entry> inline) {
      this.inline = inline;
    }

    @Override
    public Entry get(int index) {
      if (index < inline.size()) {
        return inline.get(index);
      }
      return new Entry(text(index), file + " line " + lines[index - inline.size()]);
    }

    String text(int index) {
      if (index < inline.size()) {
        return inline.get(index).text();
      }
      int own = index - inline.size();
      int start = own == 0 ? 0 : ends[own - 1];
      return new String(text, start, ends[own] - start, StandardCharsets.UTF_8);
    }

    @Override
    public int size() {
      return inline.size() + count;
    }
  }
}
