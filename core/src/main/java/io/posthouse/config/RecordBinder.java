package io.posthouse.config;

import io.posthouse.model.Endpoint;
import io.posthouse.model.Monitor;
import io.posthouse.model.Size;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Walks a {@link Yaml} tree and a {@link Shape} together, makes the record, and tells every problem
 * it meets on the way.
 *
 * <p>It always makes the record: what the file gives wrongly takes its default, or a neutral value
 * where there is none, and {@link Places} remembers that it is not to be trusted. So the checks of
 * references between objects run on the same typed records whether or not something else is wrong,
 * and one run tells everything. A record made in a run with errors never leaves this package.
 */
final class RecordBinder {
  static final String SMALLEST =
      "the least there is: version: 1, a pool with an address, and a virtual server with listen and"
          + " pool";

  private static final int MAX_NAME = 64;

  private final Problems problems;
  private final Places places;
  private final ScalarBinder scalars;

  /** By identity: slots come from {@link RecordShapes}, which makes each once. */
  private final IdentityHashMap<Slot, Optional<?>> fallbacks = new IdentityHashMap<>();

  RecordBinder(Problems problems, Places places) {
    this.problems = problems;
    this.places = places;
    this.scalars = new ScalarBinder(problems);
  }

  /** Makes the record of the whole file. */
  <R extends Record> R bind(Class<R> type, Yaml root) {
    Shape.Block block = RecordShapes.of(type);
    places.put("", root.at(), root.at());
    if (!(root instanceof Yaml.Mapping)) {
      problems.error(root.at(), "", "expected keys, not " + root.kind() + "; " + SMALLEST);
      return type.cast(neutral(block, ""));
    }
    return type.cast(block(block, root, "", "", root.at()));
  }

  /** The default of a slot; absent is null. */
  private @Nullable Object fallback(Slot slot) {
    Optional<?> known = fallbacks.get(slot);
    if (known == null) {
      known = readFallback(slot);
      fallbacks.put(slot, known);
    }
    return known.isPresent() ? known.get() : null;
  }

  /** Reads a default as if it stood in the file. */
  private Optional<?> readFallback(Slot slot) {
    if (slot.fallback().isEmpty() || slot.takesNone()) {
      return slot.nullable() ? Optional.empty() : Optional.of(neutral(slot.shape(), ""));
    }
    Problems own = new Problems(slot.component());
    RecordBinder binder = new RecordBinder(own, new Places());
    Optional<?> value =
        YamlReader.read(slot.fallback(), own)
            .flatMap(node -> binder.value(slot.shape(), node, "", node.at()));
    if (value.isEmpty() || own.hasErrors()) {
      throw new IllegalStateException("bad default of " + slot.component() + ": " + own.inOrder());
    }
    return value;
  }

  private Object block(Shape.Block shape, Yaml node, String name, String path, Place objectPlace) {
    Map<String, Yaml> given = new HashMap<>();
    if (node instanceof Yaml.Mapping mapping) {
      given.putAll(keys(shape, mapping, path));
    } else if (isShorthand(shape, node)) {
      String key = shape.shorthand().orElseThrow();
      given.put(key, node);
      places.put(Places.path(path, key), node.at(), node.at());
    } else {
      fail(node, path, "expected keys (" + names(shape) + "), not " + node.kind());
      return neutral(shape, name);
    }
    Object[] values =
        shape.slots().stream()
            .map(slot -> slot.isName() ? name : slot(slot, given, path, objectPlace))
            .toArray();
    return make(shape, values);
  }

  /** Whether a block is given by the one value that may stand for it. */
  private static boolean isShorthand(Shape.Block shape, Yaml node) {
    return shape
        .shorthand()
        .flatMap(shape::slot)
        .filter(slot ->
            node instanceof Yaml.Scalar
                || (node instanceof Yaml.Sequence && slot.shape() instanceof Shape.Listing))
        .isPresent();
  }

  /** The values of a block by key; unknown and repeated keys are told and left out. */
  private Map<String, Yaml> keys(Shape.Block shape, Yaml.Mapping mapping, String path) {
    Map<String, Yaml> given = new HashMap<>();
    Map<String, Place> first = new HashMap<>();
    for (Yaml.Entry entry : mapping.entries()) {
      String key = entry.key().text();
      Optional<Slot> slot = shape.slot(key);
      String keyPath = Places.path(path, key);
      if (slot.isEmpty()) {
        problems.error(entry.key().at(), keyPath, unknown(shape, key));
        continue;
      }
      Place earlier = first.putIfAbsent(slot.get().name(), entry.key().at());
      if (earlier != null) {
        repeated(entry, keyPath, earlier);
        continue;
      }
      given.put(slot.get().name(), entry.value());
      places.put(Places.path(path, slot.get().name()), entry.key().at(), entry.value().at());
    }
    return given;
  }

  private @Nullable Object slot(
      Slot slot, Map<String, Yaml> given, String parent, Place objectPlace) {
    Yaml node = given.get(slot.name());
    String path = Places.path(parent, slot.name());
    if (node == null) {
      if (slot.isRequired()) {
        String subject = parent.isEmpty() ? "the file" : parent;
        problems.error(
            objectPlace, parent, subject + " has no " + slot.name() + "; add it: " + meaning(slot));
        places.fail(path);
      }
      return fallback(slot);
    }
    if (slot.takesNone() && node instanceof Yaml.Scalar scalar && scalar.text().equals("none")) {
      return null;
    }
    Optional<?> value = value(slot.shape(), node, path, places.key(path));
    return value.isPresent() ? value.get() : fallback(slot);
  }

  private Optional<?> value(Shape shape, Yaml node, String path, Place key) {
    if (node instanceof Yaml.Broken) {
      places.fail(path);
      return Optional.empty();
    }
    return switch (shape) {
      case Shape.Block block -> Optional.of(block(block, node, "", path, key));
      case Shape.Named named -> named(named, node, path);
      case Shape.Listing listing -> listing(listing, node, path);
      case Shape.Text _,
          Shape.Whole _,
          Shape.Flag _,
          Shape.Span _,
          Shape.Octets _,
          Shape.Choice _,
          Shape.HostAndPort _,
          Shape.PortOrMember _ ->
          scalar(shape, node, path);
    };
  }

  private Optional<?> scalar(Shape shape, Yaml node, String path) {
    if (!(node instanceof Yaml.Scalar scalar)) {
      return fail(node, path, "expected a single value, not " + node.kind());
    }
    Optional<?> value = scalars.bind(shape, scalar, path);
    if (value.isEmpty()) {
      places.fail(path);
    }
    return value;
  }

  private Optional<?> listing(Shape.Listing shape, Yaml node, String path) {
    List<Yaml> items = node instanceof Yaml.Sequence list ? list.items() : List.of(node);
    if (items.size() < shape.least()) {
      return fail(node, path, "the list is empty; write at least " + shape.least() + " in it");
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      String itemPath = node instanceof Yaml.Sequence ? Places.path(path, i) : path;
      Yaml item = items.get(i);
      places.put(itemPath, item.at(), item.at());
      Optional<?> value = value(shape.item(), item, itemPath, item.at());
      if (value.isPresent()) {
        values.add(value.get());
      } else {
        places.fail(path);
        values.add(neutral(shape.item(), ""));
      }
    }
    return Optional.of(Collections.unmodifiableList(values));
  }

  private Optional<?> named(Shape.Named shape, Yaml node, String path) {
    if (!(node instanceof Yaml.Mapping mapping)) {
      return fail(node, path, "expected names, each with keys below it, not " + node.kind());
    } else if (mapping.entries().size() < shape.least()) {
      return fail(node, path, "is empty; write at least " + shape.least() + " under it");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Place> first = new TreeMap<>();
    for (Yaml.Entry entry : mapping.entries()) {
      String name = entry.key().text();
      String itemPath = Places.path(path, name);
      Place earlier = first.putIfAbsent(name, entry.key().at());
      if (earlier != null) {
        repeated(entry, itemPath, earlier);
        continue;
      }
      checkName(entry.key(), itemPath);
      places.put(itemPath, entry.key().at(), entry.value().at());
      if (entry.value() instanceof Yaml.Broken) {
        places.fail(itemPath);
        values.put(name, neutral(shape.item(), name));
      } else {
        values.put(name, block(shape.item(), entry.value(), name, itemPath, entry.key().at()));
      }
    }
    return Optional.of(Collections.unmodifiableMap(values));
  }

  private void checkName(Yaml.Scalar name, String path) {
    if (name.text().length() > MAX_NAME || !name.text().matches("[A-Za-z0-9._-]+")) {
      problems.error(
          name.at(),
          path,
          Words.quote(name.text())
              + " is no name; use letters, digits, dots, dashes and underscores, at most "
              + MAX_NAME);
    }
  }

  private void repeated(Yaml.Entry entry, String path, Place earlier) {
    problems.error(
        entry.key().at(),
        path,
        "is given twice, first in line " + earlier.line() + "; remove one of them");
  }

  private Optional<?> fail(Yaml node, String path, String message) {
    problems.error(node.at(), path, message);
    places.fail(path);
    return Optional.empty();
  }

  private static String unknown(Shape.Block shape, String key) {
    if (LaterReleases.bring(shape.type(), key)) {
      return "this key is not in this release; remove it";
    } else if (key.equals("<<")) {
      return "merge keys are not part of YAML 1.2; write the keys out, or use an alias for each";
    }
    return "unknown key; " + Words.remedy(key, shape.keys().stream().map(Slot::name).toList());
  }

  private static String names(Shape.Block shape) {
    return String.join(", ", shape.keys().stream().map(Slot::name).toList());
  }

  private static String meaning(Slot slot) {
    return slot.key() == null ? "" : slot.key().value();
  }

  /** A value that stands where the file gives none that can be read. */
  private Object neutral(Shape shape, String name) {
    return switch (shape) {
      case Shape.Text _ -> "";
      case Shape.Whole whole -> (int) whole.min();
      case Shape.Flag _ -> false;
      case Shape.Span span -> Duration.ofMillis(span.minMillis());
      case Shape.Octets octets -> new Size(octets.min());
      case Shape.Choice choice -> choice.words().values().iterator().next();
      case Shape.HostAndPort _ -> new Endpoint("unreadable.invalid", 0);
      case Shape.PortOrMember _ -> new Monitor.AliasPort(0);
      case Shape.Listing _ -> List.of();
      case Shape.Named _ -> Map.of();
      case Shape.Block block ->
          make(
              block,
              block.slots().stream().map(slot -> slot.isName() ? name : fallback(slot)).toArray());
    };
  }

  private static Object make(Shape.Block shape, Object[] values) {
    Class<?>[] types =
        Arrays.stream(shape.type().getRecordComponents())
            .map(component -> component.getType())
            .toArray(Class<?>[]::new);
    try {
      return shape.type().getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException refused) {
      throw new IllegalStateException(
          shape.type() + " refuses what its @Key allows; the annotation must say the bound",
          refused.getCause());
    } catch (ReflectiveOperationException closed) {
      throw new IllegalStateException(shape.type() + " must be public", closed);
    }
  }
}
