package io.posthouse.config;

/**
 * Where something stands in a file.
 *
 * @param line from 1
 * @param column from 1, in characters; a tab is one
 */
record Place(int line, int column) {
  static final Place START = new Place(1, 1);
}
