package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.app.MadeOfFiles.Look;
import io.posthouse.net.TlsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MadeOfFilesTest {
  @TempDir Path directory;
  private Path file;
  private MadeOfFiles<String> of;

  @BeforeEach
  void make() throws Exception {
    file = directory.resolve("mail.pem");
    Files.writeString(file, "first");
    of = new MadeOfFiles<>(List.of(file), before -> read(), null);
  }

  private String read() throws TlsException {
    try {
      String text = Files.readString(file);
      if (text.startsWith("broken")) {
        throw new TlsException("certificate: mail.pem: " + text);
      }
      return text;
    } catch (IOException e) {
      throw new TlsException("certificate: mail.pem: there is no such file", e);
    }
  }

  @Test
  void contentIsTakenWhenTwoLooksInARowSawTheSame() throws Exception {
    assertThat(of.look()).isEqualTo(Look.SAME);
    Files.writeString(file, "seco");
    assertThat(of.look()).isEqualTo(Look.SAME);
    Files.writeString(file, "second");
    assertThat(of.look()).isEqualTo(Look.SAME);
    assertThat(of.made()).isEqualTo("first");
    assertThat(of.look()).isEqualTo(Look.TAKEN);
    assertThat(of.made()).isEqualTo("second");
    assertThat(of.look()).isEqualTo(Look.SAME);
  }

  @Test
  @Timeout(20)
  void aPipeInThePlaceOfAFileHoldsNobodyUp() throws Exception {
    Path pipe = directory.resolve("pipe");
    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    assertThat(FilesPrint.of(List.of(pipe)).digests()).containsExactly("no regular file");
  }

  @Test
  void whatCannotBeUsedLeavesTheOldAndIsToldOnceUntilMended() throws Exception {
    Files.writeString(file, "broken");
    of.look();
    assertThat(of.look()).isEqualTo(Look.REFUSED);
    assertThat(of.look()).isEqualTo(Look.SAME);
    assertThat(of.made()).isEqualTo("first");
    assertThat(of.problem()).isEqualTo("certificate: mail.pem: broken");
    assertThat(of.isCurrent()).isFalse();
    Files.writeString(file, "first");
    of.look();
    assertThat(of.look()).isEqualTo(Look.TAKEN);
    assertThat(of.problem()).isNull();
    assertThat(of.isCurrent()).isTrue();
  }

  @Test
  void aFileThatIsGoneIsAProblem() throws Exception {
    Files.delete(file);
    of.look();
    assertThat(of.look()).isEqualTo(Look.REFUSED);
    assertThat(of.problem()).contains("no such file");
  }

  @Test
  void aLinkThatIsSwappedIsAnotherFile() throws Exception {
    Path other = directory.resolve("other.pem");
    Files.writeString(other, "second");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.delete(file);
    Files.createSymbolicLink(file, other);
    of.look();
    assertThat(of.look()).isEqualTo(Look.TAKEN);
    assertThat(of.made()).isEqualTo("second");
  }
}
