package io.posthouse.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The one certificate that every server of a comparison shows: ECDSA P-256, self-signed, made by
 * keytool of the JDK.
 *
 * @param pem the certificate and its key in one file
 * @param context the server's side of TLS for Java
 */
public record ServerCertificate(Path pem, SSLContext context) {

  private static final String ALIAS = "posthouse";
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** Makes one in this folder. */
  public static ServerCertificate make(Path folder) throws IOException, InterruptedException {
    Path store = folder.resolve("server.p12");
    keytool(store);
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD);
      Path pem = folder.resolve("server.pem");
      Files.writeString(
          pem,
          block("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded())
              + block("PRIVATE KEY", keys.getKey(ALIAS, PASSWORD).getEncoded()));
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(keys, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return new ServerCertificate(pem, context);
    } catch (GeneralSecurityException e) {
      throw new IOException("this JDK made no certificate", e);
    }
  }

  private static void keytool(Path store) throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("java.home"), "bin", "keytool");
    String options =
        "-genkeypair -keyalg EC -groupname secp256r1 -dname CN=mx.example.com -validity 30"
            + " -storetype PKCS12";
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(options.split(" ", -1)));
    command.addAll(List.of("-alias", ALIAS, "-storepass", new String(PASSWORD)));
    command.addAll(List.of("-keystore", store.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("keytool made no certificate: " + said);
    }
  }

  private static String block(String type, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, lines, type);
  }
}
