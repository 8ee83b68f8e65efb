package io.posthouse.app;

import io.posthouse.model.DataGroup;
import io.posthouse.policy.AddressSet;
import io.posthouse.policy.DomainSet;
import io.posthouse.policy.Entry;
import io.posthouse.policy.ListText;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A data group in use, and what its file held.
 *
 * @param file null for a group without one
 * @param print of the file when it was read
 * @param tried of the last file that was tried; not {@code print} while that cannot be used
 * @param listed how many entries the file had
 * @param addresses its entries, if they are addresses
 * @param domains its entries, if they are domains
 * @param problem why the file that lies there now is not in use; empty when it is
 */
record LoadedGroup(
    DataGroup settings,
    @Nullable ListFile file,
    String print,
    String tried,
    int listed,
    @Nullable AddressSet addresses,
    @Nullable DomainSet domains,
    String problem) {

  /**
   * Reads the file of a group, if it has one, and makes the set.
   *
   * @param before the same group as it is in use, null when it is new; it is given back where
   *     nothing differs
   * @param force whether a file may be much shorter than before
   */
  static LoadedGroup load(
      DataGroup group, Path directory, @Nullable LoadedGroup before, boolean force)
      throws ListException {
    LoadedGroup same = before != null && before.settings.equals(group) ? before : null;
    String name = group.file();
    if (name == null) {
      return same != null ? same : made(group, null, "", null);
    }
    ListFile file = ListFile.of(group, name, directory);
    if (same != null && same.print.equals(file.print())) {
      return same.mended();
    }
    ListFile.Content content = file.read();
    if (before != null
        && file.equals(before.file)
        && !force
        && content.text().size() * 2L < before.listed) {
      throw shrunk(name, content.text().size(), before.listed);
    }
    return made(group, file, content.print(), content.text());
  }

  private static ListException shrunk(String name, int now, int before) {
    return new ListException(
        List.of(
            name
                + " has "
                + now
                + " entries and "
                + before
                + " are in use; a list that shrinks by more than half is taken only by: posthouse"
                + " reload --force"));
  }

  private static LoadedGroup made(
      DataGroup group, @Nullable ListFile file, String print, @Nullable ListText text) {
    List<Entry> entries = ListText.entries(group, text);
    boolean domains = group.type() == DataGroup.Type.DOMAIN;
    return new LoadedGroup(
        group,
        file,
        print,
        print,
        text == null ? 0 : text.size(),
        domains ? null : AddressSet.of(entries),
        domains ? DomainSet.of(entries) : null,
        "");
  }

  /** The same with a file that cannot be used. */
  LoadedGroup refused(String other, String why) {
    return new LoadedGroup(settings, file, print, other, listed, addresses, domains, why);
  }

  /** The same, its file being in use again. */
  LoadedGroup mended() {
    return problem.isEmpty() ? this : refused(print, "");
  }

  /** How many entries it has, those of the configuration included. */
  int size() {
    return addresses != null ? addresses.size() : Objects.requireNonNull(domains).size();
  }
}
