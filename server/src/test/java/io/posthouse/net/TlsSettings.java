package io.posthouse.net;

import io.posthouse.model.AdminState;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.MemberTls;
import io.posthouse.model.ServerTls;
import io.posthouse.model.ServerTls.ClientCertificate;
import io.posthouse.model.TlsVersion;
import io.posthouse.testkit.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of TLS for tests, and the files that they name. */
final class TlsSettings {
  final Path directory;
  final List<ServerTls.Further> further = new ArrayList<>();
  String certificate = "mx.pem";
  @Nullable String key;
  @Nullable String passwordFile;
  ClientCertificate clientCertificate = ClientCertificate.NONE;
  @Nullable String clientCa;
  TlsVersion min = TlsVersion.TLS_1_2;
  TlsVersion max = TlsVersion.TLS_1_3;
  List<String> ciphers = List.of();

  MemberTls.Mode mode = MemberTls.Mode.VERIFIED;
  @Nullable String name;
  @Nullable String ca;
  List<String> pins = List.of();
  TlsVersion memberMin = TlsVersion.TLS_1_2;

  TlsSettings(Path directory) {
    this.directory = directory;
  }

  TlsSettings file(String name, String content) {
    return file(name, content.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  TlsSettings file(String name, byte[] content) {
    try {
      Files.write(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** One more certificate, with its key in the same file. */
  TlsSettings further(String name, TestAuthority.Issued issued) {
    further.add(new ServerTls.Further(name, null, null));
    return file(name, issued.pem());
  }

  ServerTls server() {
    return new ServerTls(
        null,
        true,
        certificate,
        key,
        passwordFile,
        List.copyOf(further),
        clientCertificate,
        clientCa,
        min,
        max,
        ciphers,
        Duration.ofSeconds(30));
  }

  TlsAcceptor acceptor(TlsEngine engine) throws TlsException {
    return TlsAcceptor.of(server(), directory, engine, null);
  }

  MemberTls member() {
    return new MemberTls(mode, true, name, ca, pins, memberMin);
  }

  TlsConnector connector(TlsEngine engine) throws TlsException {
    return TlsConnector.of(member(), directory, engine);
  }

  static Member at(String host, @Nullable String tlsName) {
    return new Member(
        "m", new Endpoint(host, 465), 1, 0, 0, AdminState.ENABLED, null, true, tlsName);
  }
}
