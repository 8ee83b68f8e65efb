package io.posthouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A real Dovecot with directories of its own, of which a Postfix asks whether a password is right.
 * It serves no mailboxes. For XOAUTH2 it takes signed tokens, of which there are none.
 */
final class Dovecot implements AutoCloseable {
  private final Path folder;
  private final Daemon daemon;

  private Dovecot(Path folder, Map<String, String> passwords) throws IOException {
    this.folder = folder;
    StringBuilder users = new StringBuilder();
    passwords.forEach((user, password) -> users.append(user + ":{PLAIN}" + password + "\n"));
    Files.writeString(folder.resolve("users"), users);
    Files.writeString(
        folder.resolve("oauth2.conf"),
        """
        introspection_mode = local
        local_validation_key_dict = fs:posix:prefix=%s/keys/
        """
            .formatted(folder));
    Path config = Files.writeString(folder.resolve("dovecot.conf"), configuration());
    daemon =
        Daemon.start(
            folder.resolve("output.log"),
            Map.of(),
            List.of("dovecot", "-F", "-c", config.toString()));
  }

  /** Starts one that knows these users by their passwords. */
  static Dovecot start(Path folder, Map<String, String> passwords) {
    try {
      Dovecot dovecot = new Dovecot(folder, passwords);
      Awaitility.await("Dovecot listens")
          .atMost(Duration.ofSeconds(20))
          .until(() -> !dovecot.daemon.isAlive() || Files.exists(dovecot.socket()));
      if (!dovecot.daemon.isAlive()) {
        throw new AssertionError("Dovecot ended: " + dovecot.daemon.lines());
      }
      return dovecot;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String configuration() {
    return """
    base_dir = %1$s/run
    state_dir = %1$s/state
    log_path = %1$s/dovecot.log
    protocols =
    ssl = no
    auth_mechanisms = plain login cram-md5 xoauth2
    auth_failure_delay = 0
    passdb {
      driver = oauth2
      mechanisms = xoauth2
      args = %1$s/oauth2.conf
    }
    passdb {
      driver = passwd-file
      mechanisms = plain login cram-md5
      args = %1$s/users
    }
    userdb {
      driver = static
      args = uid=nobody gid=nogroup home=%1$s
    }
    service auth {
      unix_listener %2$s {
        mode = 0666
      }
    }
    service stats {
      unix_listener stats-writer {
        mode = 0666
      }
    }
    """
        .formatted(folder, socket());
  }

  private Path socket() {
    return folder.resolve("auth");
  }

  /** As lines of a Postfix that offers AUTH, inside TLS only. */
  String[] postfix() {
    return new String[] {
      "smtpd_sasl_auth_enable = yes",
      "smtpd_sasl_type = dovecot",
      "smtpd_sasl_path = " + socket(),
      "smtpd_sasl_security_options = noanonymous",
      "smtpd_tls_auth_only = yes"
    };
  }

  @Override
  public void close() {
    daemon.close();
  }
}
