package io.posthouse.health;

import io.posthouse.model.IpAddress;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address that a member saw us come from, as Exchange, Exim, OpenSMTPD, Sendmail and others say
 * it in the first line of their reply to EHLO. Postfix does not.
 *
 * <pre>
 * 250-ex1.contoso.com Hello [10.21.1.32]
 * 250-mx.example.net Hello lb.example.net [10.0.0.5]
 * 250-mx.example.net Hello lb.example.net [IPv6:2001:db8::5], pleased to meet you
 * </pre>
 *
 * <p>What stands at the begin is the member's own name, which may be an address too; of several the
 * last one counts, since the name that we gave may be repeated before it.
 */
public final class SeenAddress {
  private static final Pattern BRACKETS =
      Pattern.compile("\\[(?:[Ii][Pp][Vv]6:)?([0-9A-Fa-f:.]{2,45})(?:%[^\\]]*)?]");

  private SeenAddress() {}

  /** The address that a reply to EHLO names; null when it names none. */
  public static @Nullable InetAddress in(Reply ehlo) {
    if (ehlo.severity() != 2) {
      return null;
    }
    String line = ehlo.lines().getFirst();
    Matcher brackets = BRACKETS.matcher(line);
    InetAddress last = null;
    while (brackets.find()) {
      if (brackets.start() > 0) {
        last = IpAddress.parse(brackets.group(1)).orElse(last);
      }
    }
    return last;
  }
}
