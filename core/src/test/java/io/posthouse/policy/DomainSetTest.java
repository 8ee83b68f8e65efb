package io.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainSetTest {
  private static DomainSet set(String... texts) {
    return DomainSet.of(Arrays.stream(texts).map(text -> new Entry(text, "here")).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "contoso.com, contoso.com, true",
    "contoso.com, CONTOSO.com, true",
    "Contoso.COM, contoso.com, true",
    "contoso.com, mail.contoso.com, false",
    "contoso.com, xcontoso.com, false",
    "contoso.com, contoso.com.evil.example, false",
    ".contoso.com, mail.contoso.com, true",
    ".contoso.com, a.b.contoso.com, true",
    ".contoso.com, contoso.com, false",
    ".contoso.com, .contoso.com, false",
    ".contoso.com, a..contoso.com, false",
    ".contoso.com, xcontoso.com, false",
    ".contoso.com, mail.contoso.com., false",
    ".contoso.com, evil%mail.contoso.com, false",
    ".contoso.com, evil@mail.contoso.com, false",
    ".contoso.com, [mail.contoso.com, false",
    "münchen.example, xn--mnchen-3ya.example, true",
    "xn--mnchen-3ya.example, münchen.example, true",
    "xn--MNCHEN-3ya.example, MÜNCHEN.example, true",
    ".münchen.example, mail.münchen.example, true",
    "strasse.example, straße.example, false",
    "com, com, true",
  })
  void anEntryHoldsItsDomainsAndNoOthers(String entry, String domain, boolean held) {
    assertThat(set(entry).contains(domain)).isEqualTo(held);
  }

  @Test
  void whatIsNoDomainIsNeverIn() {
    DomainSet set = set("contoso.com", ".contoso.com");

    assertThat(set.contains("")).isFalse();
    assertThat(set.contains(".")).isFalse();
    assertThat(set.contains("a".repeat(300) + ".contoso.com")).isFalse();
    assertThat(set.contains("\u0000.contoso.com")).isFalse();
    assertThat(set.contains("\ud800.contoso.com")).isFalse();
    assertThat(set().contains("contoso.com")).isFalse();
  }

  @Test
  void theNarrowestEntryIsNamedAsItWasWritten() {
    DomainSet set = set(".com", ".contoso.COM", "mail.contoso.com", ".Mail.contoso.com");

    assertThat(text(set, "mail.contoso.com")).isEqualTo("mail.contoso.com");
    assertThat(text(set, "x.mail.contoso.com")).isEqualTo(".Mail.contoso.com");
    assertThat(text(set, "www.contoso.com")).isEqualTo(".contoso.COM");
    assertThat(text(set, "contoso.com")).isEqualTo(".com");
    assertThat(text(set, "contoso.net")).isNull();
    assertThat(set.size()).isEqualTo(4);
  }

  private static @Nullable String text(DomainSet set, String domain) {
    Entry entry = set.entry(domain);
    return entry == null ? null : entry.text();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithASetOfAllNames(long seed) {
    Random random = new Random(seed);
    Set<String> model = new HashSet<>();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String text = (random.nextInt(4) == 0 ? "." : "") + any(random);
      model.add(text.toLowerCase(Locale.ROOT));
      entries.add(new Entry(text, "entry " + i));
    }
    DomainSet set = DomainSet.of(List.copyOf(entries));
    int held = 0;
    for (int i = 0; i < 5_000; i++) {
      String domain = any(random);
      boolean expected = isHeld(model, domain.toLowerCase(Locale.ROOT));
      assertThat(set.contains(domain)).as(domain).isEqualTo(expected);
      held += expected ? 1 : 0;
    }
    assertThat(held).isBetween(50, 4_950);
  }

  private static boolean isHeld(Set<String> model, String domain) {
    for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
      if (model.contains(domain.substring(dot))) {
        return true;
      }
    }
    return model.contains(domain);
  }

  private static String any(Random random) {
    StringBuilder domain = new StringBuilder();
    for (int labels = 1 + random.nextInt(4); labels > 0; labels--) {
      for (int letters = 1 + random.nextInt(2); letters > 0; letters--) {
        domain.append("abcABC".charAt(random.nextInt(6)));
      }
      domain.append(labels > 1 ? "." : "");
    }
    return domain.toString();
  }
}
