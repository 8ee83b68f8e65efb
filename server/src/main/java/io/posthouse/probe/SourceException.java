package io.posthouse.probe;

import java.io.IOException;

/** A probe could not leave from its source address: our own fault, and says nothing of a member. */
final class SourceException extends IOException {
  private static final long serialVersionUID = 1;

  SourceException(String message) {
    super(message);
  }
}
