package io.posthouse.net;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in words why a handshake failed. */
public final class TlsFailure {
  /** OpenSSL's and the JDK's ways to name an alert that the peer sent (RFC 8446 section 6). */
  private static final Pattern ALERT =
      Pattern.compile(
          "(?:SSLV3_ALERT_|TLSV1_ALERT_|TLSV1_|[Rr]eceived fatal alert: )([A-Za-z0-9_]+)");

  private static final Map<String, String> KNOWN = new LinkedHashMap<>();

  static {
    KNOWN.put("UNSUPPORTED_PROTOCOL", "no version of TLS in common");
    KNOWN.put("WRONG_VERSION_NUMBER", "the peer does not speak TLS");
    KNOWN.put("not accepted by server preferences", "no version of TLS in common");
    KNOWN.put("appropriate protocol", "no version of TLS in common");
    KNOWN.put("NO_SHARED_CIPHER", "no cipher suite in common");
    KNOWN.put("no cipher suites in common", "no cipher suite in common");
    KNOWN.put("PEER_DID_NOT_RETURN_A_CERTIFICATE", "the peer showed no certificate");
    KNOWN.put("Empty client certificate chain", "the peer showed no certificate");
    KNOWN.put("path building failed", "the peer's certificate has an unknown issuer");
    KNOWN.put("Signature does not match", "the peer's certificate is not signed by its issuer");
    KNOWN.put("trust anchors", "the peer's certificate has an unknown issuer");
  }

  private TlsFailure() {}

  /** The reason, in one short line of printable ASCII. */
  public static String text(Throwable failure) {
    Throwable last = failure;
    int depth = 0;
    for (Throwable each = failure; each != null && depth < 10; each = each.getCause(), depth++) {
      last = each;
      if (each instanceof UntrustedException) {
        return String.valueOf(each.getMessage());
      }
    }
    for (Throwable each = failure; each != null && depth-- > 0; each = each.getCause()) {
      if (each instanceof NotSslRecordException) {
        return "the peer does not speak TLS";
      }
      if (each instanceof ClosedChannelException) {
        return "the peer closed the connection";
      }
      String text = String.valueOf(each.getMessage());
      for (Map.Entry<String, String> known : KNOWN.entrySet()) {
        if (text.contains(known.getKey())) {
          return known.getValue();
        }
      }
      Matcher alert = ALERT.matcher(text);
      if (alert.find()) {
        return "the peer sent the alert " + alert.group(1).toLowerCase(Locale.ROOT);
      }
      if (each instanceof IOException && text.contains("reset by peer")) {
        return "the peer reset the connection";
      }
    }
    String message = last.getMessage();
    return CertificateSubject.printable(
        message == null ? last.getClass().getSimpleName() : message);
  }
}
