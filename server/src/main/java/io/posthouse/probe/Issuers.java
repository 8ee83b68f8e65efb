package io.posthouse.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The issuers that pools trust: read when a probe first needs them, and again when their file has
 * changed. For any thread.
 */
final class Issuers {
  private static final long MAX_OCTETS = 1 << 20;

  private record Read(FileTime changed, long octets, X509ExtendedTrustManager issuers) {}

  private final Path configuration;
  private final Map<Path, Read> files = new ConcurrentHashMap<>();
  private volatile @Nullable X509ExtendedTrustManager runtime;

  /**
   * Nothing is read yet.
   *
   * @param configuration the file that their names are relative to
   */
  Issuers(Path configuration) {
    this.configuration = configuration.toAbsolutePath();
  }

  /**
   * Those of a pool.
   *
   * @param ca the pool's file; those of the Java runtime when null
   * @throws IOException when the file is of no use; the message names it
   */
  X509ExtendedTrustManager trusted(@Nullable String ca) throws IOException {
    try {
      return ca == null ? runtime() : read(configuration.resolveSibling(ca));
    } catch (NoSuchFileException e) {
      throw new IOException("tls.ca " + ca + ": there is no such file", e);
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException("tls.ca " + ca + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** Trusts these certificates and what they have issued. */
  static X509ExtendedTrustManager of(Collection<? extends Certificate> certificates)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Certificate certificate : certificates) {
      store.setCertificateEntry(String.valueOf(store.size()), certificate);
    }
    return managerOf(store);
  }

  /** Kept, since it is a hundred certificates and more to read. */
  private X509ExtendedTrustManager runtime() throws GeneralSecurityException {
    X509ExtendedTrustManager known = runtime;
    if (known == null) {
      known = managerOf(null);
      runtime = known;
    }
    return known;
  }

  private X509ExtendedTrustManager read(Path file) throws IOException, GeneralSecurityException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    Read known = files.get(file);
    if (known != null
        && known.changed().equals(now.lastModifiedTime())
        && known.octets() == now.size()) {
      return known.issuers();
    }
    if (now.size() > MAX_OCTETS) {
      throw new IOException("it has more than 1 MiB");
    }
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IOException("it holds no certificate");
      }
      Read read = new Read(now.lastModifiedTime(), now.size(), of(found));
      files.put(file, read);
      return read.issuers();
    }
  }

  private static X509ExtendedTrustManager managerOf(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }
}
