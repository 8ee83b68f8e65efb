package io.posthouse.store;

import org.jspecify.annotations.Nullable;

/** A file beside the configuration cannot be used; the message names the cause and the remedy. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1;

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
