package io.posthouse.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.JsonScalarResolver;

/**
 * Reads the text of a file into a {@link Yaml} tree.
 *
 * <p>It composes the tree itself from the parser's events, because the library's composer ends at
 * the first undefined alias and bounds neither depth nor what aliases expand to. Here a file costs
 * at most {@link #MAX_LENGTH} characters, {@link #MAX_DEPTH} levels and {@link #MAX_NODES} nodes,
 * aliases counted as if they were written out.
 */
final class YamlReader {
  static final int MAX_LENGTH = 1 << 20;
  static final int MAX_DEPTH = 32;
  static final int MAX_NODES = 200_000;

  private final Problems problems;
  private final JsonScalarResolver resolver = new JsonScalarResolver();
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private final Iterator<Event> events;
  private int depth;
  private int nodes;

  private YamlReader(String text, Problems problems) {
    this.problems = problems;
    LoadSettings settings =
        LoadSettings.builder().setUseMarks(true).setCodePointLimit(MAX_LENGTH + 1).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /** The tree of the text; empty when the text is no YAML, and then a problem says why. */
  static Optional<Yaml> read(String text, Problems problems) {
    if (text.length() > MAX_LENGTH) {
      problems.error(
          Place.START,
          "",
          "the file has " + text.length() + " characters; at most " + MAX_LENGTH + " are read");
      return Optional.empty();
    }
    try {
      return new YamlReader(text, problems).document();
    } catch (TooMuch bound) {
      problems.error(bound.at, "", bound.reason);
    } catch (YamlEngineException syntax) {
      SyntaxProblem.report(syntax, text, problems);
    }
    return Optional.empty();
  }

  private Optional<Yaml> document() {
    events.next();
    if (events.next().getEventId() == Event.ID.StreamEnd) {
      problems.error(Place.START, "", "the file is empty; " + RecordBinder.SMALLEST);
      return Optional.empty();
    }
    Yaml root = node(events.next());
    events.next();
    Event end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw new TooMuch(place(end), "a second document begins here; write everything in one");
    }
    return Optional.of(root);
  }

  private Yaml node(Event event) {
    Place at = place(event);
    if (event instanceof AliasEvent alias) {
      return expand(alias.getAlias(), at);
    }
    int before = nodes;
    count(1, at);
    Yaml node =
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event, at);
          case SequenceStart -> sequence(at);
          case MappingStart -> mapping(at);
          default -> throw new IllegalStateException("no node begins with " + event);
        };
    if (event instanceof CollectionStartEvent start && start.getTag().isPresent()) {
      node = refuseTag(at, start.getTag().get());
    }
    if (event instanceof NodeEvent anchored && anchored.getAnchor().isPresent()) {
      anchors.put(anchored.getAnchor().get(), new Anchored(node, nodes - before));
    }
    return node;
  }

  private Yaml scalar(ScalarEvent event, Place at) {
    if (event.getTag().isPresent()) {
      return refuseTag(at, event.getTag().get());
    }
    Tag tag = event.isPlain() ? resolver.resolve(event.getValue(), true) : Tag.STR;
    Yaml.Type type = Yaml.Type.TEXT;
    if (tag.equals(Tag.INT)) {
      type = Yaml.Type.WHOLE_NUMBER;
    } else if (tag.equals(Tag.FLOAT)) {
      type = Yaml.Type.OTHER_NUMBER;
    } else if (tag.equals(Tag.BOOL)) {
      type = Yaml.Type.TRUTH;
    } else if (tag.equals(Tag.NULL)) {
      type = Yaml.Type.NOTHING;
    }
    return new Yaml.Scalar(at, event.getValue(), type);
  }

  private Yaml sequence(Place at) {
    deeper(at);
    List<Yaml> items = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      items.add(node(event));
      event = events.next();
    }
    depth--;
    return new Yaml.Sequence(at, items);
  }

  private Yaml mapping(Place at) {
    deeper(at);
    List<Yaml.Entry> entries = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      Yaml key = node(event);
      Yaml value = node(events.next());
      if (key instanceof Yaml.Scalar scalar) {
        entries.add(new Yaml.Entry(scalar, value));
      } else if (!(key instanceof Yaml.Broken)) {
        problems.error(key.at(), "", "a key must be a single word, not " + key.kind());
      }
      event = events.next();
    }
    depth--;
    return new Yaml.Mapping(at, entries);
  }

  private Yaml expand(Anchor name, Place at) {
    Anchored target = anchors.get(name);
    if (target == null) {
      problems.error(
          at,
          "",
          "an unquoted * begins an alias, and there is no anchor &"
              + Words.shorten(name.getValue())
              + "; write text that begins with * in quotes, such as \"*:25\"");
      return new Yaml.Broken(at);
    }
    count(target.nodes, at);
    return target.node.movedTo(at);
  }

  private Yaml refuseTag(Place at, String tag) {
    problems.error(
        at, "", "YAML tags are not used here; remove " + Words.quote(tag) + " or quote the text");
    return new Yaml.Broken(at);
  }

  private void deeper(Place at) {
    if (++depth > MAX_DEPTH) {
      throw new TooMuch(at, "nested more than " + MAX_DEPTH + " levels deep; no key is that deep");
    }
  }

  private void count(int more, Place at) {
    nodes += more;
    if (nodes > MAX_NODES) {
      throw new TooMuch(
          at, "more than " + MAX_NODES + " values, aliases written out; remove what is not needed");
    }
  }

  private static Place place(Event event) {
    return event
        .getStartMark()
        .map(mark -> new Place(mark.getLine() + 1, mark.getColumn() + 1))
        .orElse(Place.START);
  }

  /** A node that has a name, and how many nodes stand in it. */
  private record Anchored(Yaml node, int nodes) {}

  /** Ends the reading of a file that is beyond a bound. */
  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Place at;
    private final String reason;

    TooMuch(Place at, String reason) {
      super(reason, null, false, false);
      this.at = at;
      this.reason = reason;
    }
  }
}
