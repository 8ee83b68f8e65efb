package io.posthouse.health;

import io.posthouse.model.MemberTls;
import io.posthouse.model.MemberTls.Mode;
import io.posthouse.smtp.EhloKeywords;
import io.posthouse.smtp.Reply;
import org.jspecify.annotations.Nullable;

/**
 * What a member said of itself to a probe, before TLS and inside.
 *
 * @param greeting its greeting, inside TLS where that is implicit; null where none was heard
 * @param ehlo its reply to EHLO in plain, whatever it was; null where none was heard
 * @param secured its reply to EHLO inside TLS, whatever it was; null where none was heard
 */
public record Introduction(
    @Nullable Reply greeting, @Nullable Reply ehlo, @Nullable Reply secured) {
  /** Nothing was heard. */
  public static final Introduction NONE = new Introduction(null, null, null);

  /**
   * The reply to EHLO that mail gets which goes by this TLS: the one inside TLS, or in plain where
   * mail goes in plain. Null where that one was not heard, so that nothing is learnt from the
   * other.
   */
  public @Nullable Reply ehloOfMail(MemberTls tls) {
    boolean plain =
        tls.mode() == Mode.OFF || (tls.mode() == Mode.OPTIONAL && !tls.implicit() && !offersTls());
    return plain ? ehlo : secured;
  }

  private boolean offersTls() {
    return ehlo != null && ehlo.severity() == 2 && EhloKeywords.of(ehlo).has("STARTTLS");
  }
}
