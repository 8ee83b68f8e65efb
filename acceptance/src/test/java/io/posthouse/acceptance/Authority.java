package io.posthouse.acceptance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An issuer of certificates with a folder of its own, made with openssl. */
final class Authority {
  /** A kind of key: of a curve, as most new ones are. */
  static final List<String> P256 = List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");

  /** A kind of key: RSA. */
  static final List<String> RSA = List.of("-newkey", "rsa:2048");

  private final Path folder;

  Authority(Lab lab) {
    folder = lab.folder("authority");
    make("ca", P256, "/CN=Acceptance CA", List.of());
  }

  /** Its own certificate, which those who trust it need. */
  Path certificate() {
    return folder.resolve("ca.pem");
  }

  /** Issues a certificate for a host name, and for 127.0.0.1 where clients know no names. */
  Identity issue(String name) {
    return issue(name, name, P256);
  }

  /** The same in files of another name, with a key of this kind. */
  Identity issue(String name, String file, List<String> kind) {
    make(
        file,
        kind,
        "/CN=" + name,
        List.of(
            "-addext",
            "subjectAltName=DNS:" + name + ",IP:127.0.0.1",
            "-addext",
            "basicConstraints=critical,CA:false",
            "-CA",
            certificate().toString(),
            "-CAkey",
            folder.resolve("ca.key").toString()));
    return new Identity(folder.resolve(file + ".pem"), folder.resolve(file + ".key"));
  }

  private void make(String file, List<String> kind, String subject, List<String> more) {
    String key = folder.resolve(file + ".key").toString();
    String certificate = folder.resolve(file + ".pem").toString();
    List<String> words = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes"));
    words.addAll(kind);
    words.addAll(List.of("-days", "30", "-subj", subject, "-keyout", key, "-out", certificate));
    words.addAll(more);
    Commands.run(words.toArray(String[]::new)).good();
    // Members that are not root read it too.
    Commands.run("chmod", "644", key).good();
  }
}
