package io.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.posthouse.model.DataGroup;
import io.posthouse.policy.ListText.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListTextTest {
  private static ListText read(DataGroup.Type type, String text) {
    return ListText.read("list.txt", type, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Entry> entries(ListText list, String... inline) {
    return ListText.entries(
        new DataGroup("group", DataGroup.Type.ADDRESS, List.of(inline), "list.txt"), list);
  }

  @Test
  void entriesKnowTheirLine() {
    ListText list =
        read(DataGroup.Type.ADDRESS, "# ours\n\n10.0.0.1\n  10.1.0.0/16\t# office\n\t\n::1");

    assertThat(list.problems()).isEmpty();
    assertThat(entries(list, "10.9.9.9"))
        .containsExactly(
            new Entry("10.9.9.9", "the configuration file"),
            new Entry("10.0.0.1", "list.txt line 3"),
            new Entry("10.1.0.0/16", "list.txt line 4"),
            new Entry("::1", "list.txt line 6"));
  }

  @Test
  void filesOfWindowsAreRead() {
    ListText list = read(DataGroup.Type.DOMAIN, "\ufeffcontoso.com\r\n\r\n.münchen.example\r\n");

    assertThat(list.problems()).isEmpty();
    assertThat(entries(list))
        .containsExactly(
            new Entry("contoso.com", "list.txt line 1"),
            new Entry(".münchen.example", "list.txt line 3"));
  }

  @Test
  void badLinesAreNamed() {
    ListText list =
        read(DataGroup.Type.ADDRESS, "10.0.0.1\n10.0.0.256\n10.0.0.1 10.0.0.2\n10.20.0.1/16\n");

    assertThat(list.problems())
        .extracting(Problem::line, Problem::entry)
        .containsExactly(
            tuple(2, "10.0.0.256"), tuple(3, "10.0.0.1 10.0.0.2"), tuple(4, "10.20.0.1/16"));
    assertThat(list.problems().get(1).message()).contains("one entry a line");
    assertThat(list.problems().get(2).message()).contains("write 10.20.0.0/16");
  }

  @Test
  void whatIsNotUtf8IsNamed() {
    byte[] latin1 = "contoso.com\nm\u00fcnchen.example\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(ListText.read("list.txt", DataGroup.Type.DOMAIN, latin1).problems())
        .containsExactly(new Problem(2, "", "is not UTF-8; save the file as UTF-8"));
  }

  @Test
  void aLineThatIsTooLongIsNamed() {
    String comment = "#".repeat(ListText.LONGEST_LINE);

    assertThat(read(DataGroup.Type.DOMAIN, comment + "\ncontoso.com\n").problems()).isEmpty();
    assertThat(read(DataGroup.Type.DOMAIN, "contoso.com\n" + comment + "#\n").problems())
        .singleElement()
        .extracting(Problem::line)
        .isEqualTo(2);
  }

  @Test
  void whatIsNoTextTellsFewProblems() {
    byte[] noise = new byte[1 << 20];
    new Random(1).nextBytes(noise);

    assertThat(ListText.read("list.txt", DataGroup.Type.DOMAIN, noise).problems()).hasSize(20);
    assertThat(ListText.read("list.txt", DataGroup.Type.DOMAIN, new byte[4096]).problems())
        .hasSize(1);
  }

  @Test
  void moreEntriesThanAreTakenIsAProblem() {
    String million =
        IntStream.rangeClosed(0, ListText.MOST_ENTRIES)
            .mapToObj(i -> "d" + i + ".example")
            .collect(Collectors.joining("\n"));

    assertThat(read(DataGroup.Type.DOMAIN, million).problems())
        .singleElement()
        .extracting(Problem::line)
        .isEqualTo(ListText.MOST_ENTRIES + 1);
  }

  @Test
  void anEmptyFileHasNoEntries() {
    assertThat(read(DataGroup.Type.ADDRESS, "").size()).isZero();
    assertThat(entries(read(DataGroup.Type.ADDRESS, "# none\n"))).isEmpty();
  }
}
