package io.posthouse.config;

import io.posthouse.model.Configuration;
import io.posthouse.model.Key;
import java.util.ArrayList;
import java.util.List;

/**
 * The reference part of the configuration page: a table of keys for every object of the file, as
 * Markdown, made from the same records as the reader.
 */
public final class ReferencePage {
  private static final String NONE = "";

  private final StringBuilder out = new StringBuilder();

  private ReferencePage() {}

  /** The tables, ending in a line feed. */
  public static String text() {
    ReferencePage page = new ReferencePage();
    page.section(
        RecordShapes.of(Configuration.class), "", "The whole file", "The keys at the left margin.");
    return page.out.toString();
  }

  private void section(Shape.Block block, String path, String title, String meaning) {
    if (!out.isEmpty()) {
      out.append('\n');
    }
    out.append("## ").append(title).append("\n\n").append(meaning).append("\n\n");
    block
        .shorthand()
        .ifPresent(key ->
            out.append("A single value in place of the block is its `")
                .append(key)
                .append("`.\n\n"));
    out.append("| key | what | default | values | example |\n|---|---|---|---|---|\n");
    for (Slot slot : block.keys()) {
      row(slot);
    }
    for (Slot slot : block.keys()) {
      String inner = path.isEmpty() ? slot.name() : path + "." + slot.name();
      switch (slot.shape()) {
        case Shape.Block nested -> section(nested, inner, code(inner), what(slot));
        case Shape.Named named ->
            section(named.item(), inner + ".NAME", code(inner + ".NAME"), what(slot));
        case Shape.Listing(Shape.Block item, long _) ->
            section(item, inner + "[]", code(inner + "[]"), what(slot));
        case Shape.Text _,
            Shape.Whole _,
            Shape.Flag _,
            Shape.Span _,
            Shape.Octets _,
            Shape.Choice _,
            Shape.HostAndPort _,
            Shape.PortOrMember _,
            Shape.Listing _ -> {}
      }
    }
  }

  private void row(Slot slot) {
    Key key = slot.key();
    if (key == null) {
      return;
    }
    List<String> cells = new ArrayList<>();
    cells.add(code(slot.name()));
    cells.add(what(slot));
    cells.add(fallback(slot));
    cells.add((slot.takesNone() ? "`none`, " : "") + values(slot.shape()));
    cells.add(key.example().isEmpty() ? NONE : code(key.example()));
    out.append("| ")
        .append(String.join(" | ", cells.stream().map(ReferencePage::cell).toList()))
        .append(" |\n");
  }

  private static String what(Slot slot) {
    return slot.key() == null ? NONE : slot.key().value() + ".";
  }

  private static String fallback(Slot slot) {
    if (slot.isRequired()) {
      return "**required**";
    } else if (slot.fallback().isEmpty()) {
      return "absent";
    }
    boolean block = slot.shape() instanceof Shape.Block && slot.fallback().equals("{}");
    return block ? "its defaults" : code(slot.fallback());
  }

  private static String values(Shape shape) {
    return switch (shape) {
      case Shape.Text _ -> "text";
      case Shape.Whole whole ->
          whole.min() == whole.max() ? "" + whole.min() : whole.min() + " to " + whole.max();
      case Shape.Flag _ -> "`true`, `false`";
      case Shape.Span span ->
          Times.print(span.minMillis()) + " to " + Times.print(span.maxMillis());
      case Shape.Octets octets -> Sizes.print(octets.min()) + " to " + Sizes.print(octets.max());
      case Shape.Choice choice ->
          String.join(", ", choice.words().keySet().stream().map(ReferencePage::code).toList());
      case Shape.HostAndPort _ -> "host:port";
      case Shape.PortOrMember _ -> "`member`, 1 to 65535";
      case Shape.Listing list ->
          values(list.item())
              + ", or a list"
              + (list.least() > 0 ? " of " + list.least() + " or more" : "");
      case Shape.Named named ->
          "a block for each name" + (named.least() > 0 ? ", " + named.least() + " or more" : "");
      case Shape.Block _ -> "a block";
    };
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
