package io.posthouse.config;

import io.posthouse.model.EdgeChecks;
import io.posthouse.model.Monitor;
import io.posthouse.model.Size;
import io.posthouse.model.Spelled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values of the configuration's records as an administrator would write them. */
final class Printed {
  private Printed() {}

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "none";
      case Enum<?> word -> Spelled.of(word);
      case Duration time -> Times.print(time);
      case Size size -> Sizes.print(size.octets());
      case EdgeChecks.DnsList list -> "" + list.score(); // Its zone may hold an account's key.
      case Monitor.AliasPort port -> port.number() == 0 ? "member" : "" + port.number();
      case List<?> list ->
          list.stream().map(Printed::of).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> named ->
          named.entrySet().stream()
              .map(each -> each.getKey() + ": " + of(each.getValue()))
              .collect(Collectors.joining(", ", "{ ", " }"));
      case Record block when RecordShapes.isBlock(block) ->
          RecordShapes.of(block.getClass()).keys().stream()
              .map(slot -> slot.name() + ": " + of(RecordShapes.get(block, slot)))
              .collect(Collectors.joining(", ", "{ ", " }"));
      default -> value.toString();
    };
  }
}
