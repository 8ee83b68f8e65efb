package io.posthouse.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate and its key: self-signed, made by keytool when a test first asks for it, or one of
 * a {@link TestAuthority}.
 *
 * @param context for the server side of TLS
 * @param expires the end of its validity
 */
public record TestCertificate(SSLContext context, Instant expires) {
  private static final Map<Integer, TestCertificate> MADE = new ConcurrentHashMap<>();
  private static final String PASSWORD = "changeit";

  /** One that is valid for this many days; the same one for every test of a run. */
  public static TestCertificate valid(int days) {
    return MADE.computeIfAbsent(days, TestCertificate::make);
  }

  /** The server side of TLS with a certificate that an authority has issued, and that one's own. */
  public static TestCertificate of(TestAuthority.Issued issued) {
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      X509Certificate[] chain = {issued.certificate(), issued.issuer()};
      keys.setKeyEntry("mx", issued.key(), PASSWORD.toCharArray(), chain);
      return of(keys);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TestCertificate make(int days) {
    try {
      Path directory = Files.createTempDirectory("posthouse-test");
      Path store = directory.resolve("key.p12");
      try {
        keytool(store, days);
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

  private static void keytool(Path store, int days) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "mx",
            "-keyalg",
            "EC",
            "-dname",
            "CN=mx.example.net",
            "-validity",
            String.valueOf(days),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            store.toString());
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
    return of(keys);
  }

  private static TestCertificate of(KeyStore keys) throws GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    X509Certificate certificate = (X509Certificate) keys.getCertificate("mx");
    return new TestCertificate(context, certificate.getNotAfter().toInstant());
  }
}
