package io.posthouse.config;

import java.util.List;

/** A YAML document as a tree in which every node knows where it stands. */
sealed interface Yaml {
  /** Where the node begins; for an alias, where the alias stands. */
  Place at();

  /** The node, as if it stood elsewhere. */
  Yaml movedTo(Place place);

  /** What the node is, in the words of an administrator. */
  String kind();

  /** What the JSON schema of YAML 1.2 makes of a scalar: {@code no} is text there. */
  enum Type {
    TEXT,
    WHOLE_NUMBER,
    OTHER_NUMBER,
    TRUTH,
    NOTHING
  }

  /** A single value. */
  record Scalar(Place at, String text, Type type) implements Yaml {
    @Override
    public Yaml movedTo(Place place) {
      return new Scalar(place, text, type);
    }

    @Override
    public String kind() {
      return switch (type) {
        case TEXT -> "the text " + Words.quote(text);
        case WHOLE_NUMBER, OTHER_NUMBER -> "the number " + Words.shorten(text);
        case TRUTH -> text;
        case NOTHING -> "nothing";
      };
    }
  }

  /** A list. */
  record Sequence(Place at, List<Yaml> items) implements Yaml {
    @Override
    public Yaml movedTo(Place place) {
      return new Sequence(place, items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** Keys and values, duplicates included, in the order of the file. */
  record Mapping(Place at, List<Entry> entries) implements Yaml {
    @Override
    public Yaml movedTo(Place place) {
      return new Mapping(place, entries);
    }

    @Override
    public String kind() {
      return "a block of keys";
    }
  }

  /** Something whose problem has been told already. */
  record Broken(Place at) implements Yaml {
    @Override
    public Yaml movedTo(Place place) {
      return new Broken(place);
    }

    @Override
    public String kind() {
      return "something unreadable";
    }
  }

  /** A key and its value. */
  record Entry(Scalar key, Yaml value) {}
}
