package io.posthouse.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cipher suites of TLS by their OpenSSL names; both engines know them by their RFC names. */
final class CipherSuites {
  private static final List<String> TLS_1_3 =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  /** Forward secrecy and authenticated encryption. */
  private static final List<String> SANE =
      List.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384",
          "ECDHE-ECDSA-CHACHA20-POLY1305",
          "ECDHE-RSA-CHACHA20-POLY1305");

  private static final Map<String, String> TLS_1_2 = new LinkedHashMap<>();

  static {
    SANE.forEach(name -> TLS_1_2.put(name, rfcName(name)));
    for (String old :
        List.of(
            "ECDHE-ECDSA-AES128-SHA",
            "ECDHE-RSA-AES128-SHA",
            "ECDHE-ECDSA-AES256-SHA",
            "ECDHE-RSA-AES256-SHA",
            "AES128-GCM-SHA256",
            "AES256-GCM-SHA384",
            "AES128-SHA",
            "AES256-SHA")) {
      TLS_1_2.put(old, rfcName(old));
    }
  }

  private CipherSuites() {}

  /**
   * RFC names, in order of preference, of those that settings name, or of the sane ones; those of
   * TLS 1.3 are always among them.
   */
  static List<String> of(List<String> names) throws TlsException {
    List<String> unknown = names.stream().filter(name -> !TLS_1_2.containsKey(name)).toList();
    if (!unknown.isEmpty()) {
      throw new TlsException(
          "ciphers: not known: "
              + String.join(", ", unknown)
              + "; known are "
              + String.join(", ", TLS_1_2.keySet())
              + " (those of TLS 1.3 are always on)");
    }
    List<String> suites = new ArrayList<>(TLS_1_3);
    for (String name : names.isEmpty() ? SANE : names) {
      suites.add(String.valueOf(TLS_1_2.get(name)));
    }
    return suites;
  }

  private static String rfcName(String name) {
    String exchange = "RSA";
    String cipher = name;
    for (String each : List.of("ECDHE-ECDSA", "ECDHE-RSA")) {
      if (name.startsWith(each)) {
        exchange = each.replace('-', '_');
        cipher = name.substring(each.length() + 1);
      }
    }
    String strength =
        cipher
            .replaceFirst("^AES(128|256)-SHA$", "AES_$1_CBC_SHA")
            .replaceFirst("^AES(128|256)-GCM-", "AES_$1_GCM_")
            .replaceFirst("^CHACHA20-POLY1305$", "CHACHA20_POLY1305_SHA256");
    return "TLS_" + exchange + "_WITH_" + strength;
  }
}
