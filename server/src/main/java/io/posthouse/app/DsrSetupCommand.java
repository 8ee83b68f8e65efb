package io.posthouse.app;

import io.posthouse.config.ConfigFile.Ports;
import io.posthouse.dsr.Behind;
import io.posthouse.dsr.SetupScript;
import io.posthouse.dsr.SetupScript.Action;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code posthouse dsr setup}: prints what sets servers up for direct server return. */
@Command(
    name = "setup",
    description = {
      "Prints a script that sets servers up for direct server return: the VIP on a loopback interface, silent in ARP."
          + " One script for all of them; each finds what is for it by its own address. Changes nothing by itself.",
      "",
      "  posthouse dsr setup MAIL/ex1 -c FILE > dsr.sh && ssh root@ex1 sh < dsr.sh",
      "",
      "The script takes --verify (changes nothing, exits with 1 where something differs) and --undo itself, that for"
          + " Windows the words Verify and Undo.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:printed", "2:wrong usage or configuration"})
final class DsrSetupCommand implements Callable<Integer> {
  private static final int WRONG = 2;

  @Mixin ConfigOption config = new ConfigOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "VIRTUAL-SERVER[/MEMBER]",
      description = "One virtual server of mode dsr, or one member of it; all when left out.")
  private @Nullable String which;

  @Option(names = "--windows", description = "For servers with Windows (PowerShell).")
  private boolean windows;

  @Option(names = "--manual", description = "The steps for hands in place of a script.")
  private boolean manual;

  @ArgGroup private What what = new What();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** What the script does. */
  private static final class What {
    @Option(names = "--verify", description = "A script that looks whether all is as it should be.")
    private boolean verify;

    @Option(names = "--undo", description = "A script that takes it away again.")
    private boolean undo;

    private Action action() {
      return verify ? Action.VERIFY : undo ? Action.UNDO : Action.APPLY;
    }
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    switch (new ConfigSource(config.file, Ports.ANY).readAlone()) {
      case ConfigSource.Bad bad -> {
        bad.problems().forEach(err::println);
        return WRONG;
      }
      case ConfigSource.Good good -> {
        List<Behind> all = Behind.all(good.configuration());
        List<Behind> asked = which == null ? all : Behind.named(all, which);
        if (asked.isEmpty()) {
          err.println(
              "posthouse: there is no %s"
                  .formatted(
                      which == null
                          ? "virtual server of mode dsr in " + config.file
                          : "virtual server of mode dsr, or member of one, with the name "
                              + which));
          return WRONG;
        }
        Optional<Behind> nameless = manual ? Optional.empty() : withoutAddress(asked);
        if (nameless.isPresent()) {
          err.println(
              ("posthouse: %s is written by name, and no script can tell its machine from others: write its address,"
                      + " or make a script for each member (posthouse dsr setup %s)")
                  .formatted(nameless.get().member().name(), nameless.get().path()));
          return WRONG;
        }
        Optional<Behind> needed = what.undo ? stillNeeded(all, asked) : Optional.empty();
        if (needed.isPresent()) {
          err.println(
              "posthouse: %s needs the VIP on the same server, too: undo all (leave out the name), or take that out of the file first"
                  .formatted(needed.get().path()));
          return WRONG;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(script().of(asked, what.action()));
        out.flush();
        return 0;
      }
    }
  }

  /** A member that its script cannot find by its address, unless it was asked for by itself. */
  private Optional<Behind> withoutAddress(List<Behind> asked) {
    return asked.stream()
        .filter(each -> each.address().isEmpty() && !each.path().equals(which))
        .findFirst();
  }

  /** One that was not asked for and would lose its VIP. */
  private static Optional<Behind> stillNeeded(List<Behind> all, List<Behind> asked) {
    return all.stream()
        .filter(each -> !asked.contains(each))
        .filter(each -> asked.stream().anyMatch(each::sharesVip))
        .findFirst();
  }

  private SetupScript script() {
    if (manual) {
      return windows ? SetupScript.WINDOWS_BY_HAND : SetupScript.LINUX_BY_HAND;
    }
    return windows ? SetupScript.WINDOWS : SetupScript.LINUX;
  }
}
