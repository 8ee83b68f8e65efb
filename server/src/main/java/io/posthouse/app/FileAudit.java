package io.posthouse.app;

import io.posthouse.audit.Audit;
import io.posthouse.audit.ExchangeCommands;
import io.posthouse.audit.Finding;
import io.posthouse.audit.KernelChoice;
import io.posthouse.cli.CommandFailure;
import io.posthouse.config.ConfigFile;
import io.posthouse.config.ConfigFile.Ports;
import io.posthouse.config.Lines;
import io.posthouse.config.Problem;
import io.posthouse.model.AuditSettings.Acceptance;
import io.posthouse.model.Spelled;
import io.posthouse.policy.DataGroups;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The audit of a file.
 *
 * @param read what is in it
 * @param audit what was found, with lines
 * @param exchange what Exchange servers must be told
 */
record FileAudit(Path file, ConfigFile.Read read, Audit audit, List<String> exchange) {

  /**
   * Audits a file that need not be this machine's. Blocks.
   *
   * @throws CommandFailure when it, or a list that it names, cannot be used
   */
  static FileAudit of(Path file) throws CommandFailure {
    ConfigSource source = new ConfigSource(file, Ports.ANY);
    switch (source.readAlone()) {
      case ConfigSource.Bad bad -> throw CommandFailure.usage(String.join("\n", bad.problems()));
      case ConfigSource.Good good -> {
        // What another machine's kernel would choose, this one's does not know.
        boolean here = source.readButLists() instanceof ConfigSource.Good;
        try {
          return of(
              source, good, here ? new MachineAddresses()::sourceTowards : KernelChoice.UNKNOWN);
        } catch (ListException bad) {
          throw CommandFailure.usage(String.join("\n", bad.problems()));
        }
      }
    }
  }

  /** Audits a file that is good for this machine. Blocks. */
  static FileAudit here(ConfigSource source, ConfigSource.Good good) throws ListException {
    return of(source, good, new MachineAddresses()::sourceTowards);
  }

  private static FileAudit of(ConfigSource source, ConfigSource.Good good, KernelChoice kernel)
      throws ListException {
    ListDesk lists = new ListDesk(source.directory(), event -> {}, Runnable::run);
    DataGroups groups = lists.prepare(good.configuration(), true).groups();
    Audit audit = Audit.of(good.configuration(), groups, kernel);
    return new FileAudit(
        source.file(),
        good.read(),
        audit.located(good.read().lines()::of),
        ExchangeCommands.of(good.configuration(), kernel));
  }

  /**
   * The warnings of {@code check}: those that it has anyway, and a line for each finding that
   * nobody has accepted, unless one of those is about the same key.
   */
  List<Problem> warnings() {
    Set<Problem> warnings = new TreeSet<>(read.warnings());
    Set<String> told = read.warnings().stream().map(Problem::path).collect(Collectors.toSet());
    Lines lines = read.lines();
    for (Finding finding : audit.open()) {
      if (!told.contains(finding.key())) {
        String message = finding.problem() + " See 'posthouse audit', " + name(finding);
        warnings.add(lines.warning(file.toString(), finding.key(), message));
      }
    }
    List<Acceptance> accepted = read.configuration().audit().accept();
    for (Acceptance each : audit.stale()) {
      String path = "audit.accept[" + accepted.indexOf(each) + "]";
      warnings.add(
          lines.warning(
              file.toString(),
              path,
              "nothing is found that it fits; remove it, or mend what it is of"));
    }
    return List.copyOf(warnings);
  }

  private static String name(Finding finding) {
    return Spelled.of(finding.kind()) + " of \"" + finding.subject() + '"';
  }
}
