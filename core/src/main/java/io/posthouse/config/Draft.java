package io.posthouse.config;

import io.posthouse.model.Configuration;

/**
 * A configuration that has been read and not yet been checked as a whole; where {@link Places} says
 * so, its values are stand-ins for what could not be read.
 */
record Draft(Configuration configuration, Places places, Problems problems) {

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
