package io.posthouse.config;

import io.posthouse.model.Member;
import java.util.Map;
import java.util.Set;

/**
 * Keys of the file's format that this release does not know yet.
 *
 * <p>Whoever writes one has read the plan, not misspelt a key, and deserves that answer. Each line
 * here goes when its record gets the component.
 */
final class LaterReleases {
  private static final Map<Class<?>, Set<String>> KEYS = Map.of(Member.class, Set.of("server"));

  private LaterReleases() {}

  /** Whether the object gets this key in a later release. */
  static boolean bring(Class<?> type, String key) {
    return KEYS.getOrDefault(type, Set.of()).contains(key);
  }
}
