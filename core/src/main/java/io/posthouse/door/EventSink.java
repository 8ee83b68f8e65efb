package io.posthouse.door;

/** Where events go; never slows the caller, drops and counts when it cannot keep up. */
@FunctionalInterface
public interface EventSink {
  /** Takes one event. */
  void emit(Event event);
}
