package io.posthouse.door;

import java.util.List;

/** Reads the configuration file again and applies it: prepare, commit, retire. */
public interface ConfigApplier {
  /**
   * Reads and applies the file; blocks until it is in effect or refused. A bad file changes
   * nothing.
   *
   * @param author who asked, for the log: {@code SIGHUP}, {@code api}
   */
  default Applied reload(String author) {
    return reload(author, false);
  }

  /**
   * The same, with a say in whether a list file may have shrunk by more than half.
   *
   * @param force whether it may
   */
  Applied reload(String author, boolean force);

  /**
   * What came of it.
   *
   * @param applied whether the file is in effect
   * @param generation the number of the configuration now in effect
   * @param changes what changed, a line each
   * @param problems why it was refused, or its warnings, a line each
   */
  record Applied(boolean applied, long generation, List<String> changes, List<String> problems) {}
}
