package io.posthouse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  @TempDir Path home;

  @Test
  void makesATokenThatOnlyItsOwnerCanRead() throws Exception {
    Path directory = home.resolve("a/mail.state");
    TokenFile.open(directory);
    Path file = TokenFile.in(directory);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Base64.getUrlDecoder().decode(Files.readString(file).strip())).hasSize(32);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void keepsTheTokenItHas() throws Exception {
    String first = TokenFile.open(home).authorization();
    assertThat(TokenFile.open(home).authorization()).isEqualTo(first);
    assertThat(TokenFile.open(home).matches(first.substring("Bearer ".length()))).isTrue();
    assertThat(TokenFile.open(home).matches("")).isFalse();
  }

  @Test
  void refusesATokenThatOthersCanRead() throws Exception {
    TokenFile.open(home);
    Files.setPosixFilePermissions(TokenFile.in(home), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> TokenFile.open(home))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("rm " + TokenFile.in(home));
  }

  @Test
  void refusesWhatIsNoToken() throws Exception {
    TokenFile.open(home);
    Files.writeString(TokenFile.in(home), "short\n");
    assertThatThrownBy(() -> TokenFile.open(home)).hasMessageContaining("holds no administrator's");
    Files.write(TokenFile.in(home), new byte[100_000]);
    assertThatThrownBy(() -> TokenFile.open(home)).hasMessageContaining("holds no administrator's");
  }

  @Test
  void saysWhatToDoWhenThereIsNoneOrNoWay() throws Exception {
    assertThatThrownBy(() -> TokenFile.read(home.resolve("admin.token")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("--token-file");
    Path file = Files.createFile(home.resolve("file"));
    assertThatThrownBy(() -> TokenFile.open(file.resolve("state")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("state-directory");
  }

  @Test
  void startsAtTheSameTimeAgreeOnOneToken() throws Exception {
    Set<String> tokens = ConcurrentHashMap.newKeySet();
    List<Callable<Boolean>> starts =
        Collections.nCopies(8, () -> tokens.add(TokenFile.open(home).authorization()));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> start : threads.invokeAll(starts)) {
        start.get();
      }
    }
    assertThat(tokens).hasSize(1);
  }

  @Test
  void refusesADirectoryThatOthersMayWriteTo() throws Exception {
    for (String mode : new String[] {"rwxrwx---", "rwx----w-", "rwxrwxrwx"}) {
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString(mode));
      assertThatThrownBy(() -> TokenFile.open(home))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("chmod go-w " + home);
      assertThat(home).isEmptyDirectory();
    }
  }

  @Test
  void followsNoLink() throws Exception {
    Path elsewhere = home.resolve("elsewhere");
    TokenFile.open(elsewhere);
    Files.createSymbolicLink(TokenFile.in(home), TokenFile.in(elsewhere));
    assertThatThrownBy(() -> TokenFile.open(home)).hasMessageContaining("is no plain file");
    assertThatThrownBy(() -> TokenFile.read(TokenFile.in(home)))
        .hasMessageContaining("is no plain file");
    Path dangling = Files.createDirectory(home.resolve("dangling"), OWNER_ONLY);
    Files.createSymbolicLink(TokenFile.in(dangling), home.resolve("none"));
    assertThatThrownBy(() -> TokenFile.open(dangling)).hasMessageContaining("is no plain file");
    assertThat(home.resolve("none")).doesNotExist();
  }

  @Test
  void refusesATokenThatAnotherUserHasPutThere() throws Exception {
    TokenFile.open(home);
    Path file = TokenFile.in(home);
    assumeTrue(Owner.self() == Owner.ROOT, "only root can give a file away");
    Files.setAttribute(file, "unix:uid", 54_321);
    assertThatThrownBy(() -> TokenFile.open(home))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("belongs to user 54321")
        .hasMessageContaining("delete it");
    // Root administers a Posthouse of another user.
    assertThat(TokenFile.read(file).authorization()).startsWith("Bearer ");
    assertThat(TokenFile.owner(file)).isEqualTo(54_321);
  }

  @Test
  void neverPrintsTheSecret() throws Exception {
    Token token = TokenFile.open(home);
    assertThat(token.toString()).doesNotContain(token.authorization().substring(7));
  }
}
