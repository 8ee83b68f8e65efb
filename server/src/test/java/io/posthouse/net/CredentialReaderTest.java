package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthouse.testkit.TestAuthority;
import io.posthouse.testkit.TestAuthority.Issued;
import io.posthouse.testkit.TestAuthority.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CredentialReaderTest {
  private static final TestAuthority CA = TestAuthority.named("reader");
  private static final Issued EC = CA.issue(Kind.EC, "mx.example.net", "10.1.1.1");
  private static final Issued RSA = CA.issue(Kind.RSA, "mx.example.net");

  @TempDir Path directory;

  private Credential read(@Nullable String key, @Nullable String passwordFile) throws TlsException {
    return new CredentialReader(directory).credential("mx.pem", key, passwordFile);
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void readsOneFileOrTwo(Kind kind) throws Exception {
    Issued issued = kind == Kind.EC ? EC : RSA;
    write("mx.pem", "some text\n" + issued.pem().replace("\n", "\r\n"));
    assertThat(read(null, null).key()).isEqualTo(issued.key());
    write("mx.pem", issued.chainPem());
    write("mx.key", issued.keyPem());
    Credential two = read("mx.key", null);
    assertThat(two.chain()).hasSize(2).startsWith(issued.certificate());
    assertThat(two.facts().names()).contains("mx.example.net");
    assertThat(two.facts().issuer()).isEqualTo("CN=reader");
    assertThat(two.facts().file()).isEqualTo("mx.pem");
    assertThat(two.facts().notAfter()).isEqualTo(issued.certificate().getNotAfter().toInstant());
    assertThat(two.toString()).doesNotContain("Key");
  }

  @Test
  void readsTheOldFormsOfKeys() throws Exception {
    write("mx.pem", RSA.chainPem());
    byte[] pkcs1 =
        Der.of(RSA.key().getEncoded()).into(Der.SEQUENCE).skip().skip().octets(Der.OCTETS);
    write("mx.key", TestAuthority.block("RSA PRIVATE KEY", pkcs1));
    assertThat(read("mx.key", null).key()).isEqualTo(RSA.key());

    write("mx.pem", EC.chainPem());
    Der inner =
        Der.of(Der.of(EC.key().getEncoded()).into(Der.SEQUENCE).skip().skip().octets(Der.OCTETS))
            .into(Der.SEQUENCE);
    byte[] curve = HexFormat.of().parseHex("06082a8648ce3d030107");
    byte[] sec1 =
        Der.element(
            Der.SEQUENCE,
            Der.element(Der.INTEGER, inner.octets(Der.INTEGER)),
            Der.element(Der.OCTETS, inner.octets(Der.OCTETS)),
            Der.element(0xa0, curve));
    write(
        "mx.key",
        TestAuthority.block("EC PARAMETERS", curve) + TestAuthority.block("EC PRIVATE KEY", sec1));
    assertThat(((ECPrivateKey) read("mx.key", null).key()).getS())
        .isEqualTo(((ECPrivateKey) EC.key()).getS());
  }

  @Test
  void readsEncryptedKeys() throws Exception {
    write("mx.pem", EC.chainPem() + TestAuthority.block("ENCRYPTED PRIVATE KEY", encrypted()));
    write("password", "secret\n");
    assertThat(read(null, "password").key()).isEqualTo(EC.key());
    refused(null, null, "certificate: mx.pem: the key is encrypted: name its password-file");
    write("password", "sekret\n");
    refused(null, "password", "certificate: mx.pem: the password-file holds the wrong password");
    refused(null, "nowhere", "password-file: nowhere: there is no such file");
  }

  private static byte[] encrypted() throws GeneralSecurityException, IOException {
    String algorithm = "PBEWithHmacSHA256AndAES_256";
    SecretKey secret =
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec("secret".toCharArray()));
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(Cipher.ENCRYPT_MODE, secret);
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
    parameters.init(cipher.getParameters().getEncoded());
    byte[] hidden = cipher.doFinal(EC.key().getEncoded());
    return new EncryptedPrivateKeyInfo(parameters, hidden).getEncoded();
  }

  @Test
  void readsPkcs12ByItsContent() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "mx",
        RSA.key(),
        "secret".toCharArray(),
        new Certificate[] {RSA.certificate(), RSA.issuer()});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.store(out, "secret".toCharArray());
    Files.write(directory.resolve("mx.pem"), out.toByteArray());
    write("password", "secret");
    Credential read = read(null, "password");
    assertThat(read.chain()).hasSize(2);
    assertThat(read.key()).isEqualTo(RSA.key());
    refused(null, null, "certificate: mx.pem: is neither PEM nor PKCS#12 without a password");
    write("password", "sekret");
    refused(null, "password", "its password-file holds the wrong password");
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    refused(null, null, "certificate: mx.pem: there is no such file");
    write("mx.pem", "");
    refused(null, null, "certificate: mx.pem: there is no certificate in it");
    write("mx.pem", EC.keyPem());
    refused(null, null, "certificate: mx.pem: there is no certificate in it");
    write("mx.pem", EC.chainPem());
    refused(null, null, "there is no private key in it: name its file with `key`");
    refused("mx.key", null, "key: mx.key: there is no such file");
    write("mx.key", EC.chainPem());
    refused("mx.key", null, "key: mx.key: there is no private key in it");
    write("mx.key", RSA.keyPem());
    refused("mx.key", null, "the key in mx.key does not belong to its first certificate");
    write("mx.key", TestAuthority.block("PRIVATE KEY", new byte[] {0x30, 5, 1}));
    refused("mx.key", null, "key: mx.key: the key is malformed");
    write("mx.key", "-----BEGIN PRIVATE KEY-----\nMIIB");
    refused("mx.key", null, "key: mx.key: the block PRIVATE KEY has no end");
    String old = TestAuthority.block("RSA PRIVATE KEY", new byte[] {0x30, 1});
    write("mx.key", old.replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\n"));
    refused("mx.key", null, "openssl pkcs8 -topk8");
    write("mx.pem", TestAuthority.block("CERTIFICATE", new byte[] {0x30, 1, 0}));
    refused("mx.key", null, "certificate: mx.pem: certificate 1 in it is malformed");
    Files.write(directory.resolve("mx.pem"), new byte[(1 << 20) + 1]);
    refused(null, null, "is larger than 1 MiB");
  }

  @Test
  void takesAnExpiredCertificate() throws Exception {
    Issued old = CA.issue(Kind.EC, Duration.ofDays(-3), "mx.example.net");
    write("mx.pem", old.pem());
    assertThat(read(null, null).certificate()).isEqualTo(old.certificate());
  }

  private void refused(@Nullable String key, @Nullable String passwordFile, String message) {
    assertThatThrownBy(() -> read(key, passwordFile))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret");
  }
}
