package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  private static final String PAGE = "docs/configuration.md";
  private static final String MARK =
      "<!-- Below this line the page is made from the records. -->\n";

  @Test
  void theShippedPageIsTheOneOfTheRecords() throws IOException {
    String page = Sample.projectText(PAGE);
    assertThat(page).contains(MARK);
    String introduction = page.substring(0, page.indexOf(MARK) + MARK.length());
    String expected = introduction + "\n" + ReferencePage.text();
    if (Boolean.getBoolean("posthouse.regenerate")) {
      Files.writeString(Sample.project(PAGE), expected);
    }
    assertThat(Sample.projectText(PAGE))
        .as("run this test with -Dposthouse.regenerate=true")
        .isEqualTo(expected);
  }

  @Test
  void everyRowHasFiveCells() {
    assertThat(ReferencePage.text().lines().filter(line -> line.startsWith("|")))
        .allMatch(line -> line.replace("\\|", "").chars().filter(c -> c == '|').count() == 6);
  }
}
