package io.posthouse.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate and its key, made by keytool when a test first asks for it.
 *
 * @param context for the server side of TLS
 * @param chain the certificate, then its issuer unless it is its own
 */
public record TestCertificate(SSLContext context, List<X509Certificate> chain) {
  private static final Map<Order, TestCertificate> MADE = new ConcurrentHashMap<>();
  private static final String PASSWORD = "changeit";
  private static final String AUTHORITY = "ca";

  /** What is wanted of one; names as keytool has them, none for a self-signed one. */
  private record Order(String begin, int days, String names) {}

  /** A self-signed one without names for this many days; the same one for every test of a run. */
  public static TestCertificate valid(int days) {
    return MADE.computeIfAbsent(new Order("-0d", days, ""), TestCertificate::make);
  }

  /**
   * One for 90 days by an authority of its own.
   *
   * @param names its alternative names: {@code dns:ex1.contoso.com,ip:127.0.0.1}
   */
  public static TestCertificate issued(String names) {
    return MADE.computeIfAbsent(new Order("-0d", 90, names), TestCertificate::make);
  }

  /** The same, but it has expired ten days ago. */
  public static TestCertificate expired(String names) {
    return MADE.computeIfAbsent(new Order("-20d", 10, names), TestCertificate::make);
  }

  /** The end of its validity. */
  public Instant expires() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  /** Whoever has issued it, as PEM; itself where it is self-signed. */
  public String authority() {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder().encodeToString(chain.getLast().getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The pin of its key (RFC 7469 section 2.4). */
  public String pin() {
    try {
      byte[] key = chain.getFirst().getPublicKey().getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TestCertificate make(Order order) {
    try {
      Path directory = Files.createTempDirectory("posthouse-test");
      Path store = directory.resolve("key.p12");
      try {
        List<String> own = new ArrayList<>(List.of("-dname", "CN=mx.example.net"));
        own.addAll(List.of("-startdate", order.begin(), "-validity", "" + order.days()));
        if (!order.names().isEmpty()) {
          keytool(store, AUTHORITY, List.of("-dname", "CN=Test CA", "-ext", "bc:c"));
          own.addAll(List.of("-signer", AUTHORITY, "-ext", "san=" + order.names()));
        }
        keytool(store, "mx", own);
        return load(store);
      } finally {
        Files.deleteIfExists(store);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(Path store, String alias, List<String> about)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC"));
    command.addAll(about);
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("keytool failed");
    }
  }

  private static TestCertificate load(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    List<X509Certificate> chain =
        Arrays.stream(keys.getCertificateChain("mx")).map(X509Certificate.class::cast).toList();
    // Only the member's own key may serve.
    if (keys.containsAlias(AUTHORITY)) {
      keys.deleteEntry(AUTHORITY);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new TestCertificate(context, chain);
  }
}
