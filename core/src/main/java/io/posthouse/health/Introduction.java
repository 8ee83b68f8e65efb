package io.posthouse.health;

import io.posthouse.smtp.Reply;
import org.jspecify.annotations.Nullable;

/**
 * What a member said of itself to a probe before TLS.
 *
 * @param greeting its greeting; null where none was heard
 * @param ehlo its reply to EHLO, whatever it was; null where none was heard
 */
public record Introduction(@Nullable Reply greeting, @Nullable Reply ehlo) {
  /** Nothing was heard. */
  public static final Introduction NONE = new Introduction(null, null);
}
