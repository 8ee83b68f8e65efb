package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** New certificates while mail goes on. */
@Isolated("a load that must lose nothing")
@ExtendWith(LabExtension.class)
final class CertificateReloadTest {
  private static final int RELOADS = 50;
  private static final int CLIENTS = 4;

  private final int port = Ports.free();
  private final int implicitPort = Ports.free();
  private final AtomicInteger sessions = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  @Test
  void fiftyNewCertificatesFailNoSession(Lab lab) throws IOException, InterruptedException {
    Authority authority = new Authority(lab);
    Path folder = lab.folder("tls");
    Identity live = new Identity(folder.resolve("live.pem"), folder.resolve("live.key"));
    replace(live, authority.issue("first.acceptance.test"));
    Posthouse posthouse = lab.posthouse(config(lab, live));
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      boolean implicit = i % 2 == 1;
      clients.add(Thread.ofPlatform().start(() -> goOn(implicit)));
    }
    for (int i = 0; i < RELOADS; i++) {
      String name = "reload-" + i + ".acceptance.test";
      replace(live, authority.issue(name));
      int before = sessions.get();
      if (i % 10 == 0) {
        posthouse.command("reload").good();
      } else {
        posthouse.hangUp(); // The same without a process that takes the processors from the load.
      }
      assertThat(shown(false)).isEqualTo("CN=" + name);
      assertThat(shown(true)).isEqualTo("CN=" + name);
      assertThat(sessions.get()).as("sessions meanwhile").isGreaterThan(before);
    }
    over = true;
    for (Thread client : clients) {
      client.join();
    }
    System.out.printf("%d reloads of certificates beside %d sessions%n", RELOADS, sessions.get());
    assertThat(failures).isEmpty();
    assertThat(posthouse.log(" error ")).isEmpty();
  }

  private Config config(Lab lab, Identity live) {
    return new Config()
        .smtp("line-ends: reject")
        .tls(live.yaml())
        .listen("127.0.0.1:" + port)
        .member(lab.sink("mx1"))
        .member(lab.sink("mx2"))
        .furtherServer(
            "implicit",
            "mode: smtp, pool: hub, listen: [\"127.0.0.1:%d\"], tls: { implicit: true, %s }"
                .formatted(implicitPort, live.yaml()));
  }

  /** One file after the other, as an administrator does: for a moment they do not fit. */
  private static void replace(Identity live, Identity by) throws IOException {
    Files.copy(by.key(), live.key(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(by.certificate(), live.certificate(), StandardCopyOption.REPLACE_EXISTING);
  }

  private Talk connect(boolean implicit) throws IOException {
    return implicit ? Talk.inTls("127.0.0.1", implicitPort) : Talk.to("127.0.0.1", port).startTls();
  }

  private String shown(boolean implicit) throws IOException {
    try (Talk talk = connect(implicit)) {
      X509Certificate certificate = talk.certificate();
      talk.hello();
      talk.ask("QUIT", "221");
      return certificate.getSubjectX500Principal().getName();
    }
  }

  private void goOn(boolean implicit) {
    while (!over) {
      try (Talk talk = connect(implicit)) {
        talk.hello();
        talk.mail(SecureClients.FROM, SecureClients.TO, "load@acceptance.test");
        talk.mail(SecureClients.FROM, SecureClients.TO, "load@acceptance.test");
        talk.ask("QUIT", "221");
        sessions.incrementAndGet();
      } catch (IOException e) {
        failures.add(e.toString());
      }
    }
  }
}
