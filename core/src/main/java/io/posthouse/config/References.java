package io.posthouse.config;

import io.posthouse.model.Configuration;

/** Checks what no single key can know: names that must exist, addresses that must not meet. */
final class References {
  private References() {}

  static void check(
      Configuration draft, Places places, Problems problems, ConfigFile.Ports ports) {}
}
