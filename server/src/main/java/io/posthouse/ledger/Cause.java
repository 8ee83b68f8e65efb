package io.posthouse.ledger;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Puts into words why a log file cannot be written. */
final class Cause {
  private Cause() {}

  static String of(IOException failure) {
    return switch (failure) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such directory";
      default -> String.valueOf(failure.getMessage());
    };
  }
}
