package io.posthouse.net;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys: PKCS#8, encrypted or not (RFC 5958), PKCS#1 (RFC 8017) and SEC1 (RFC 5915).
 *
 * <p>Messages say what is wrong, and never hold anything of the key or its password.
 */
final class PemKey {
  private static final byte[] RSA = HexFormat.of().parseHex("2a864886f70d010101");
  private static final byte[] EC = HexFormat.of().parseHex("2a8648ce3d0201");
  private static final byte[] VERSION_0 = {Der.INTEGER, 1, 0};
  private static final byte[] NULL = {5, 0};
  private static final int CURVE = 0xa0;

  private PemKey() {}

  /** Whether a block holds a private key. */
  static boolean isIn(PemBlock block) {
    return block.label().endsWith("PRIVATE KEY");
  }

  /** The key of a block. */
  static PrivateKey of(PemBlock block, @Nullable String password) throws GeneralSecurityException {
    if (block.headers()) {
      throw new InvalidKeyException(
          "the key is encrypted in OpenSSL's old way: convert it with `openssl pkcs8 -topk8`");
    }
    try {
      return switch (block.label()) {
        case "PRIVATE KEY" -> pkcs8(block.der());
        case "RSA PRIVATE KEY" -> pkcs8(wrapped(block.der(), RSA, NULL));
        case "EC PRIVATE KEY" ->
            pkcs8(wrapped(block.der(), EC, Der.element(Der.OBJECT, curve(block.der()))));
        case "ENCRYPTED PRIVATE KEY" -> decrypted(block.der(), password);
        default -> throw new InvalidKeyException("a " + block.label() + " cannot be used");
      };
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("the key is malformed", e);
    }
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    byte[] algorithm = Der.of(der).into(Der.SEQUENCE).skip().into(Der.SEQUENCE).octets(Der.OBJECT);
    String name = HexFormat.of().formatHex(algorithm);
    KeyFactory factory;
    if (name.equals(HexFormat.of().formatHex(RSA))) {
      factory = KeyFactory.getInstance("RSA");
    } else if (name.equals(HexFormat.of().formatHex(EC))) {
      factory = KeyFactory.getInstance("EC");
    } else {
      throw new InvalidKeyException("only RSA and ECDSA keys can be used");
    }
    try {
      return factory.generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new InvalidKeyException("the key is malformed", e);
    }
  }

  private static byte[] wrapped(byte[] key, byte[] algorithm, byte[] parameters) {
    return Der.element(
        Der.SEQUENCE,
        VERSION_0,
        Der.element(Der.SEQUENCE, Der.element(Der.OBJECT, algorithm), parameters),
        Der.element(Der.OCTETS, key));
  }

  private static byte[] curve(byte[] sec1) {
    return Der.of(sec1).into(Der.SEQUENCE).skip().skip().into(CURVE).octets(Der.OBJECT);
  }

  private static PrivateKey decrypted(byte[] der, @Nullable String password)
      throws GeneralSecurityException {
    if (password == null) {
      throw new InvalidKeyException("the key is encrypted: name its password-file");
    }
    byte[] plain;
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
      // The name of PBES2 says nothing; its parameters print as what the JDK wants to hear.
      String algorithm =
          info.getAlgName().equals("PBES2")
              ? info.getAlgParameters().toString()
              : info.getAlgName();
      PBEKeySpec spec = new PBEKeySpec(password.toCharArray());
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm).generateSecret(spec),
          info.getAlgParameters());
      plain = info.getKeySpec(cipher).getEncoded();
    } catch (IOException | GeneralSecurityException e) {
      throw new InvalidKeyException(
          "the password-file holds the wrong password, or the key is encrypted in a way that is not"
              + " supported",
          e);
    }
    return pkcs8(plain);
  }
}
