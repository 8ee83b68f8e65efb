package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Mode smtp between real clients and real members. */
@ExtendWith(LabExtension.class)
final class PeersTest {
  @Test
  void aMailOfSwaksIsAtExim(Lab lab) {
    Exim exim = lab.exim("exim");
    int port = Ports.free();
    lab.posthouse(new Config().mode("smtp").listen("127.0.0.1:" + port).member(exim));
    Commands.run(
            "swaks",
            "--server",
            "127.0.0.1:" + port,
            "--pipeline",
            "--from",
            "a@example.net",
            "--to",
            "b@example.com",
            "--header",
            "Message-Id: <first@acceptance.test>")
        .good();
    assertThat(exim.kept("first@acceptance.test")).isEqualTo(1);
  }
}
