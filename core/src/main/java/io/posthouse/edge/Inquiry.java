package io.posthouse.edge;

import java.util.List;

/** Something about a client that DNS is asked for, question by question. Lives on one loop. */
public interface Inquiry {
  /** What to ask first. */
  List<Lookup> first(long nanos);

  /** Takes an answer; what else is to be asked because of it. */
  List<Lookup> answered(Lookup asked, Answer answer, long nanos);

  /** Whether everything was answered that matters. */
  boolean isDone();

  /** What has been found. What is not answered by now counts as good. */
  List<Finding> findings(long nanos);

  /** The client has gone: what it asked for says nothing of who was asked. */
  default void abandoned(long nanos) {}

  /** Lists that do not talk to our resolver, where people are to hear of it now. */
  default List<String> refusing() {
    return List.of();
  }
}
