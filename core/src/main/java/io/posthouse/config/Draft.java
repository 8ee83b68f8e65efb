package io.posthouse.config;

import io.posthouse.model.Configuration;
import io.posthouse.model.FindingKind;

/**
 * A configuration that has been read and not yet been checked as a whole; where {@link Places} says
 * so, its values are stand-ins for what could not be read.
 */
record Draft(Configuration configuration, Places places, Problems problems) {

  /** Whether the file says that a finding is meant, so that nobody need be warned of it. */
  boolean accepts(FindingKind kind, String subject) {
    return configuration.audit().accepts(kind, subject);
  }

  /** An error at the value of a path. */
  void error(String path, String message) {
    problems.error(places.value(path), path, message);
  }

  /** An error at the key or name of a path. */
  void errorAtKey(String path, String message) {
    problems.error(places.key(path), path, message);
  }

  /** A warning at the value of a path. */
  void warning(String path, String message) {
    problems.warning(places.value(path), path, message);
  }

  /** A warning at the key or name of a path. */
  void warningAtKey(String path, String message) {
    problems.warning(places.key(path), path, message);
  }
}
