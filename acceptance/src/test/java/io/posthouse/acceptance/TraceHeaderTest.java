package io.posthouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Members that take neither PROXY nor XCLIENT find the client in the message. */
@ExtendWith(LabExtension.class)
final class TraceHeaderTest {
  private static final String MAIL =
      """
      Message-Id: <trace@acceptance.test>
      From: <a@client.example>
      Date: Wed, 25 Nov 2026 20:00:00 +0000
      Subject: a mail

      A mail.
      """
          .replace("\n", "\r\n");

  @Test
  void ourLineIsTheFirstThatCameAndTheSignatureHolds(Lab lab) throws IOException {
    Postfix postfix = lab.postfix("postfix");
    int port = Ports.free();
    lab.posthouse(
        new Config()
            .smtp("line-ends: reject")
            .listen("127.0.0.1:" + port)
            .pool("announce: header")
            .member(postfix));
    Dkim dkim = new Dkim(lab.folder());
    String signed = dkim.sign(MAIL);
    Path file =
        Files.writeString(
            lab.folder().resolve("signed.txt"),
            signed.substring(0, signed.length() - 2).replace("\r\n", "\n"),
            StandardCharsets.ISO_8859_1);
    Commands.run(
            "swaks",
            "--local-interface",
            "127.0.9.9",
            "--server",
            "127.0.0.1:" + port,
            "--helo",
            "c.client.example",
            "--from",
            "a@client.example",
            "--to",
            "b@member.example",
            "--suppress-data",
            "--data",
            "@" + file)
        .good();

    Mail kept = postfix.kept().getFirst();
    // What Postfix itself puts in front ends with its date; a recipient may stand in it.
    assertThat(kept.octets())
        .matches(
            "(?s)Received: from .*?\\r\\n(\\t[^\\r\\n]*\\r\\n)+"
                + "Received: from c\\.client\\.example \\(\\[127\\.0\\.9\\.9\\]\\)\\r\\n"
                + "\\tby balancer\\.acceptance\\.test \\(Posthouse\\) with ESMTP;\\r\\n"
                + "\\t[^\\r\\n]+ \\+0000\\r\\n"
                + "DKIM-Signature: .*");
    assertThat(kept.sha256()).isEqualTo(new Mail("", signed).sha256());
    assertThat(dkim.verify(kept)).isEqualTo("pass");
    assertThat(postfix.complaints()).isEmpty();
  }
}
