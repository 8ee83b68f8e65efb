package io.posthouse.config;

import io.posthouse.model.Configuration;
import io.posthouse.model.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON Schema (draft 2020-12) of the configuration file, for editors.
 *
 * <p>It is made from the same records as the reader, and says what stands in one place of the file:
 * keys, types, words, bounds. What takes two places to see (a pool that does not exist, a key that
 * the mode cannot honour, the length of a time, a size) only the reader knows.
 */
public final class JsonSchema {
  private static final String NAME = "^[A-Za-z0-9._-]{1,64}$";
  private static final String ENDPOINT =
      "^(\\*|\\[[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?\\]|[A-Za-z0-9_][A-Za-z0-9_.-]*):[0-9]{1,5}$";

  private final Map<String, Object> definitions = new TreeMap<>();
  private final Map<String, Class<?>> named = new HashMap<>();

  private JsonSchema() {}

  /** The schema as JSON text, ending in a line feed. */
  public static String text() {
    JsonSchema schema = new JsonSchema();
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "The configuration file of Posthouse");
    root.putAll(schema.object(RecordShapes.of(Configuration.class)));
    root.put("$defs", schema.definitions);
    return Json.print(root);
  }

  private Map<String, Object> object(Shape.Block block) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (Slot slot : block.keys()) {
      properties.put(slot.name(), property(slot));
      if (slot.isRequired()) {
        required.add(slot.name());
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private Map<String, Object> property(Slot slot) {
    Map<String, Object> schema = new LinkedHashMap<>();
    Key key = slot.key();
    if (key != null) {
      schema.put("description", key.value() + bounds(slot.shape()));
      if (!key.fallback().isEmpty()) {
        schema.put("default", example(key.fallback()));
      }
      if (!key.example().isEmpty()) {
        schema.put("examples", List.of(example(key.example())));
      }
    }
    if (slot.takesNone()) {
      schema.put("anyOf", List.of(Map.of("const", "none"), schema(slot.shape())));
    } else {
      schema.putAll(schema(slot.shape()));
    }
    return schema;
  }

  /** JSON Schema compares no times and no sizes, so their bounds are told in words. */
  private static String bounds(Shape shape) {
    return switch (shape) {
      case Shape.Span span -> bounds(Times.print(span.minMillis()), Times.print(span.maxMillis()));
      case Shape.Octets octets -> bounds(Sizes.print(octets.min()), Sizes.print(octets.max()));
      default -> "";
    };
  }

  private static String bounds(String least, String most) {
    return " (" + least + " to " + most + ")";
  }

  private Map<String, Object> schema(Shape shape) {
    Map<String, Object> schema = new LinkedHashMap<>();
    switch (shape) {
      case Shape.Text _ -> {
        schema.put("type", "string");
        schema.put("maxLength", ScalarBinder.MAX_TEXT);
        schema.put("pattern", "^[^\\u0000-\\u001f\\u007f]*$");
      }
      case Shape.Whole whole -> {
        schema.put("type", "integer");
        schema.put("minimum", whole.min());
        schema.put("maximum", whole.max());
      }
      case Shape.Flag _ -> schema.put("type", "boolean");
      case Shape.Span _ -> pattern(schema, Times.PATTERN);
      case Shape.Octets _ -> schema.put("anyOf", List.of(Map.of("const", 0), sizes()));
      case Shape.Choice choice -> schema.put("enum", words(choice));
      case Shape.HostAndPort _ -> pattern(schema, ENDPOINT);
      case Shape.PortOrMember _ ->
          schema.put(
              "anyOf", List.of(Map.of("const", "member"), schema(new Shape.Whole(1, 65_535))));
      case Shape.Listing list -> schema.put("anyOf", listing(list));
      case Shape.Named named -> {
        schema.put("type", "object");
        schema.put("propertyNames", Map.of("pattern", NAME));
        schema.put("additionalProperties", reference(named.item()));
        schema.put("minProperties", named.least());
      }
      case Shape.Block block -> schema.putAll(reference(block));
    }
    return schema;
  }

  private static Map<String, Object> sizes() {
    Map<String, Object> text = new LinkedHashMap<>();
    pattern(text, Sizes.PATTERN);
    return text;
  }

  private static void pattern(Map<String, Object> schema, String pattern) {
    schema.put("type", "string");
    schema.put("pattern", pattern);
  }

  private List<Object> listing(Shape.Listing list) {
    Map<String, Object> array = new LinkedHashMap<>();
    array.put("type", "array");
    array.put("items", schema(list.item()));
    array.put("minItems", list.least());
    return List.of(schema(list.item()), array);
  }

  /** A word such as {@code 421} is a number to YAML and the same word to us. */
  private static List<Object> words(Shape.Choice choice) {
    List<Object> words = new ArrayList<>();
    for (String word : choice.words().keySet()) {
      words.add(word);
      if (word.matches("[1-9][0-9]*")) {
        words.add(Long.parseLong(word));
      }
    }
    return words;
  }

  private Map<String, Object> reference(Shape.Block block) {
    String name = name(block.type());
    if (!definitions.containsKey(name)) {
      definitions.put(name, Map.of());
      Map<String, Object> object = object(block);
      definitions.put(
          name,
          block
              .shorthand()
              .flatMap(block::slot)
              .<Map<String, Object>>map(
                  slot -> Map.of("anyOf", List.of(schema(slot.shape()), object)))
              .orElse(object));
    }
    return Map.of("$ref", "#/$defs/" + name);
  }

  /** The simple name, dashed; where an earlier type has it, that of the type around it in front. */
  private String name(Class<?> type) {
    String simple = dashed(type);
    Class<?> around = type.getEnclosingClass();
    boolean taken = named.computeIfAbsent(simple, key -> type) != type;
    return taken && around != null ? dashed(around) + "-" + simple : simple;
  }

  private static String dashed(Class<?> type) {
    String name = type.getSimpleName().replaceAll("(?<=[a-z])([A-Z])", "-$1");
    return name.toLowerCase(Locale.ROOT);
  }

  /** A default or example of an annotation, as JSON. */
  private static Object example(String text) {
    Problems problems = new Problems("example");
    return YamlReader.read(text, problems)
        .map(JsonSchema::json)
        .orElseThrow(() -> new IllegalStateException(text + ": " + problems.inOrder()));
  }

  private static Object json(Yaml node) {
    return switch (node) {
      case Yaml.Scalar scalar ->
          switch (scalar.type()) {
            case WHOLE_NUMBER -> Long.parseLong(scalar.text());
            case TRUTH -> scalar.text().equals("true");
            case TEXT, OTHER_NUMBER, NOTHING -> scalar.text();
          };
      case Yaml.Sequence list -> list.items().stream().map(JsonSchema::json).toList();
      case Yaml.Mapping mapping -> {
        Map<String, Object> object = new LinkedHashMap<>();
        mapping.entries().forEach(entry -> object.put(entry.key().text(), json(entry.value())));
        yield object;
      }
      case Yaml.Broken broken -> throw new IllegalStateException("bad example: " + broken);
    };
  }
}
