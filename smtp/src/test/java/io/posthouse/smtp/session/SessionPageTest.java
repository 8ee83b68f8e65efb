package io.posthouse.smtp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SessionPageTest {
  private static final Path PAGE = Path.of("..", "docs", "session.md");
  private static final String MARK =
      "<!-- Below this line the page is made from the machine. -->\n";

  @Test
  void theShippedPageIsWhatTheMachineDoes() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).contains(MARK);
    String introduction = page.substring(0, page.indexOf(MARK) + MARK.length());
    String expected = introduction + "\n" + SessionPage.text();
    if (Boolean.getBoolean("posthouse.regenerate")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(Files.readString(PAGE))
        .as("run this test with -Dposthouse.regenerate=true")
        .isEqualTo(expected);
  }
}
