package io.posthouse.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/**
 * An issuer of certificates for tests, written in DER by hand: no file that expires, no program to
 * start.
 */
public final class TestAuthority {
  /** Kinds of keys. */
  public enum Kind {
    /** On the curve secp256r1. */
    EC,
    /** Of 2,048 bits. */
    RSA
  }

  private static final Map<String, TestAuthority> MADE = new ConcurrentHashMap<>();
  private static final AtomicLong SERIAL = new AtomicLong(1000);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final byte[] SHA256_WITH_ECDSA =
      element(0x30, HexFormat.of().parseHex("06082a8648ce3d040302"));
  private static final byte[] BASIC_CONSTRAINTS = HexFormat.of().parseHex("0603551d13");
  private static final byte[] ALTERNATIVE_NAMES = HexFormat.of().parseHex("0603551d11");
  private static final byte[] CRITICAL = {1, 1, -1};

  private final X500Principal name;
  private final KeyPair pair;
  private final X509Certificate certificate;

  private TestAuthority(String common) {
    name = new X500Principal("CN=" + common);
    pair = keys(Kind.EC);
    Instant now = new MachineClock().instant();
    certificate =
        write(name, pair, now.minus(Duration.ofDays(900)), now.plus(Duration.ofDays(900)), true);
  }

  /** The one of this name; the same for every test of a run. */
  public static TestAuthority named(String common) {
    return MADE.computeIfAbsent(common, TestAuthority::new);
  }

  /** Another one of the same name, whose certificates are forgeries. */
  public static TestAuthority another(String common) {
    return new TestAuthority(common);
  }

  /** A certificate, its chain and its key. */
  public record Issued(X509Certificate certificate, X509Certificate issuer, PrivateKey key) {
    /** For the server side of TLS. */
    public SSLContext context() {
      char[] none = new char[0];
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", key, none, new X509Certificate[] {certificate, issuer});
        KeyManagerFactory keys =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, none);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The chain and the key in PEM, as one file. */
    public String pem() {
      return chainPem() + keyPem();
    }

    /** The certificate and its issuer in PEM. */
    public String chainPem() {
      return TestAuthority.pem(certificate) + TestAuthority.pem(issuer);
    }

    /** The key in PEM, PKCS#8. */
    public String keyPem() {
      return block("PRIVATE KEY", key.getEncoded());
    }
  }

  /** A certificate that is valid for 90 days, for these DNS names, addresses or mail addresses. */
  public Issued issue(Kind kind, String... names) {
    return issue(kind, Duration.ofDays(90), names);
  }

  /** The same with another end; negative: it has expired so long ago. */
  public Issued issue(Kind kind, Duration left, String... names) {
    KeyPair keys = keys(kind);
    Instant now = new MachineClock().instant();
    X500Principal subject = new X500Principal("CN=" + names[0].replace('@', '.'));
    X509Certificate made =
        write(subject, keys, now.minus(Duration.ofDays(100)), now.plus(left), false, names);
    return new Issued(made, certificate, keys.getPrivate());
  }

  /** For the client side of TLS, with trust in what it issues. */
  public SSLContext trust() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("ca", certificate);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its own certificate in PEM. */
  public String pem() {
    return pem(certificate);
  }

  /** An OCSP response (RFC 6960) that calls a certificate good within a time. */
  public byte[] ocsp(X509Certificate about, Instant from, Instant until) {
    byte[] sha1 = element(0x30, HexFormat.of().parseHex("06052b0e03021a0500"));
    byte[] id =
        element(
            0x30,
            sha1,
            element(4, new byte[20]),
            element(4, new byte[20]),
            element(2, about.getSerialNumber().toByteArray()));
    byte[] single =
        element(0x30, id, new byte[] {(byte) 0x80, 0}, time(from), element(0xa0, time(until)));
    byte[] data =
        element(0x30, element(0xa1, name.getEncoded()), time(from), element(0x30, single));
    byte[] basic = element(0x30, data, SHA256_WITH_ECDSA, bits(sign(data)));
    byte[] type = HexFormat.of().parseHex("06092b0601050507300101");
    return element(
        0x30, element(0x0a, new byte[] {0}), element(0xa0, element(0x30, type, element(4, basic))));
  }

  private X509Certificate write(
      X500Principal subject,
      KeyPair keys,
      Instant from,
      Instant until,
      boolean issuer,
      String... names) {
    byte[] extension =
        issuer
            ? element(0x30, BASIC_CONSTRAINTS, CRITICAL, element(4, element(0x30, CRITICAL)))
            : element(0x30, ALTERNATIVE_NAMES, element(4, alternatives(names)));
    byte[] tbs =
        element(
            0x30,
            element(0xa0, element(2, new byte[] {2})),
            element(2, BigInteger.valueOf(SERIAL.incrementAndGet()).toByteArray()),
            SHA256_WITH_ECDSA,
            name.getEncoded(),
            element(0x30, time(from), time(until)),
            subject.getEncoded(),
            keys.getPublic().getEncoded(),
            element(0xa3, element(0x30, extension)));
    byte[] der = element(0x30, tbs, SHA256_WITH_ECDSA, bits(sign(tbs)));
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] alternatives(String... names) {
    byte[][] each = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      if (names[i].matches("[0-9.]+|.*:.*")) {
        each[i] = element(0x87, InetAddress.ofLiteral(names[i]).getAddress());
      } else {
        int tag = names[i].indexOf('@') < 0 ? 0x82 : 0x81;
        each[i] = element(tag, names[i].getBytes(StandardCharsets.US_ASCII));
      }
    }
    return element(0x30, each);
  }

  private byte[] sign(byte[] octets) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(octets);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys(Kind kind) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.name());
      generator.initialize(kind == Kind.EC ? 256 : 2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A PEM block. */
  public static String block(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return String.join(
        "\n", List.of("-----BEGIN " + label + "-----", body, "-----END " + label + "-----", ""));
  }

  private static String pem(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] time(Instant time) {
    return element(0x18, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] bits(byte[] octets) {
    return element(3, new byte[] {0}, octets);
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.writeBytes(new byte[] {(byte) 0x81, (byte) length});
    } else {
      out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }
}
