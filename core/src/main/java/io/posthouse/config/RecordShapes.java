package io.posthouse.config;

import io.posthouse.model.Endpoint;
import io.posthouse.model.Key;
import io.posthouse.model.Monitor;
import io.posthouse.model.Named;
import io.posthouse.model.Shorthand;
import io.posthouse.model.Size;
import io.posthouse.model.Spelled;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Learns a {@link Shape} from a record and its annotations. */
final class RecordShapes {
  private static final ClassValue<Shape.Block> KNOWN =
      new ClassValue<>() {
        @Override
        protected Shape.Block computeValue(Class<?> type) {
          return block(type.asSubclass(Record.class));
        }
      };

  private RecordShapes() {}

  /** The shape of an object of the file. */
  static Shape.Block of(Class<? extends Record> type) {
    return KNOWN.get(type);
  }

  private static Shape.Block block(Class<? extends Record> type) {
    List<Slot> slots = Arrays.stream(type.getRecordComponents()).map(RecordShapes::slot).toList();
    Shorthand shorthand = type.getAnnotation(Shorthand.class);
    return new Shape.Block(
        type, slots, Optional.ofNullable(shorthand).map(annotation -> annotation.value()));
  }

  /** Whether a record is an object of the file, not a value. */
  static boolean isBlock(Record value) {
    return Arrays.stream(value.getClass().getRecordComponents())
        .allMatch(component ->
            component.isAnnotationPresent(Key.class) || component.isAnnotationPresent(Named.class));
  }

  /** The value of a slot in a record. */
  static @Nullable Object get(Record block, Slot slot) {
    try {
      return block.getClass().getMethod(slot.component()).invoke(block);
    } catch (ReflectiveOperationException closed) {
      throw new IllegalStateException(block.getClass() + " must be public", closed);
    }
  }

  private static Slot slot(RecordComponent component) {
    boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    if (component.isAnnotationPresent(Named.class)) {
      return new Slot(component.getName(), null, new Shape.Text(), false);
    }
    Key key = component.getAnnotation(Key.class);
    if (key == null) {
      throw new IllegalStateException(component + " needs @Key or @Named");
    }
    return new Slot(component.getName(), key, shape(component.getGenericType(), key), nullable);
  }

  private static Shape shape(Type type, Key key) {
    if (type instanceof ParameterizedType generic) {
      return collection(generic, key);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) {
      return new Shape.Text();
    } else if (plain == int.class) {
      return new Shape.Whole(key.min(), Math.min(key.max(), Integer.MAX_VALUE));
    } else if (plain == boolean.class) {
      return new Shape.Flag();
    } else if (plain == Duration.class) {
      return new Shape.Span(key.min(), key.max());
    } else if (plain == Size.class) {
      return new Shape.Octets(key.min(), key.max());
    } else if (plain == Endpoint.class) {
      return new Shape.HostAndPort();
    } else if (plain == Monitor.AliasPort.class) {
      return new Shape.PortOrMember();
    } else if (plain.isEnum()) {
      return choice(plain);
    } else if (plain.isRecord()) {
      return of(plain.asSubclass(Record.class));
    }
    throw new IllegalStateException("the configuration file has no form for " + plain);
  }

  private static Shape collection(ParameterizedType type, Key key) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == List.class) {
      return new Shape.Listing(shape(arguments[0], key), key.min());
    } else if (type.getRawType() == Map.class
        && arguments[0] == String.class
        && shape(arguments[1], key) instanceof Shape.Block block) {
      return new Shape.Named(block, key.min());
    }
    throw new IllegalStateException("the configuration file has no form for " + type);
  }

  private static Shape choice(Class<?> type) {
    Map<String, Enum<?>> words = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      Enum<?> word = (Enum<?>) constant;
      words.put(Spelled.of(word), word);
    }
    return new Shape.Choice(type, words);
  }
}
