package io.posthouse.net;

import io.posthouse.door.CertificateFacts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates and keys, PEM or PKCS#12; which of them a file is, its content tells.
 *
 * <p>An expired certificate is read like any other: clients may not care, and status shows it.
 */
final class CredentialReader {
  private final Path directory;

  /** A reader of files that are relative to a directory. */
  CredentialReader(Path directory) {
    this.directory = directory;
  }

  /** The certificates of a PEM file. */
  List<X509Certificate> certificates(String key, String name) throws TlsException {
    SettingsFile file = SettingsFile.of(key, name, directory);
    List<X509Certificate> found = certificates(file, blocks(file, file.read()));
    if (found.isEmpty()) {
      throw file.wrong("there is no certificate in it; PEM is expected");
    }
    return found;
  }

  /** A certificate, its chain and its key. */
  Credential credential(String certificate, @Nullable String key, @Nullable String passwordFile)
      throws TlsException {
    SettingsFile file = SettingsFile.of("certificate", certificate, directory);
    String password =
        passwordFile == null
            ? null
            : SettingsFile.of("password-file", passwordFile, directory).firstLine();
    byte[] content = file.read();
    Credential read =
        content.length > 0 && content[0] == Der.SEQUENCE
            ? pkcs12(file, content, password)
            : pem(
                file,
                content,
                key == null ? null : SettingsFile.of("key", key, directory),
                password);
    if (!belong(read.certificate(), read.key())) {
      throw file.wrong(
          (key == null ? "its key" : "the key in " + key)
              + " does not belong to its first certificate");
    }
    return read;
  }

  private static Credential pem(
      SettingsFile file, byte[] content, @Nullable SettingsFile keyFile, @Nullable String password)
      throws TlsException {
    List<PemBlock> blocks = blocks(file, content);
    List<X509Certificate> chain = certificates(file, blocks);
    if (chain.isEmpty()) {
      throw file.wrong("there is no certificate in it; PEM or PKCS#12 is expected");
    }
    SettingsFile holder = keyFile == null ? file : keyFile;
    PemBlock block =
        (keyFile == null ? blocks : blocks(keyFile, keyFile.read()))
            .stream().filter(PemKey::isIn).findFirst().orElse(null);
    if (block == null) {
      throw holder.wrong(
          keyFile == null
              ? "there is no private key in it: name its file with `key`"
              : "there is no private key in it; PEM is expected");
    }
    try {
      return credential(file, chain, PemKey.of(block, password));
    } catch (GeneralSecurityException e) {
      throw holder.wrong(String.valueOf(e.getMessage()), e);
    }
  }

  private static Credential pkcs12(SettingsFile file, byte[] content, @Nullable String password)
      throws TlsException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      char[] secret = (password == null ? "" : password).toCharArray();
      store.load(new ByteArrayInputStream(content), secret);
      for (String alias : Collections.list(store.aliases())) {
        if (store.getKey(alias, secret) instanceof PrivateKey key) {
          List<X509Certificate> chain = new ArrayList<>();
          for (Certificate each : store.getCertificateChain(alias)) {
            chain.add((X509Certificate) each);
          }
          return credential(file, chain, key);
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw file.wrong(
          password == null
              ? "is neither PEM nor PKCS#12 without a password; name its password-file"
              : "is neither PEM nor PKCS#12, or its password-file holds the wrong password",
          e);
    }
    throw file.wrong("there is no private key in it");
  }

  private static Credential credential(
      SettingsFile file, List<X509Certificate> chain, PrivateKey key) throws TlsException {
    if (!List.of("RSA", "EC").contains(key.getAlgorithm())) {
      throw file.wrong("only RSA and ECDSA keys can be used");
    }
    X509Certificate certificate = chain.getFirst();
    return new Credential(
        file.path(),
        new CertificateFacts(
            file.name(),
            CertificateSubject.of(certificate),
            certificate.getNotAfter().toInstant(),
            certificate.getIssuerX500Principal().getName()),
        List.copyOf(chain),
        key);
  }

  private static List<PemBlock> blocks(SettingsFile file, byte[] content) throws TlsException {
    try {
      return PemBlock.of(content);
    } catch (IllegalArgumentException e) {
      throw file.wrong(String.valueOf(e.getMessage()), e);
    }
  }

  private static List<X509Certificate> certificates(SettingsFile file, List<PemBlock> blocks)
      throws TlsException {
    List<X509Certificate> found = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemBlock block : blocks) {
        if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
          found.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
        }
      }
    } catch (CertificateException e) {
      throw file.wrong("certificate " + (found.size() + 1) + " in it is malformed", e);
    }
    return found;
  }

  /** Whether a key signs what a certificate verifies. */
  private static boolean belong(X509Certificate certificate, PrivateKey key) {
    byte[] text = {'p', 'o', 's', 't'};
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(text);
      byte[] signature = signing.sign();
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(certificate.getPublicKey());
      verifying.update(text);
      return verifying.verify(signature);
    } catch (GeneralSecurityException another) {
      return false;
    }
  }
}
