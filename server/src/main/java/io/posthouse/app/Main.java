package io.posthouse.app;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code posthouse}. */
@Command(
    name = "posthouse",
    description = "An SMTP load balancer.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {CheckCommand.class, HelpCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Exit codes: 0 good, 1 a finding or failure, 2 wrong usage or configuration."})
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // First of all: a SIGHUP that comes while the process starts must not end it. Commands that do
    // not
    // serve keep the system's way with signals.
    List<String> words = List.of(arguments);
    Signals signals = words.contains("run") || words.contains("quickstart") ? new Signals() : null;
    CommandLine commands =
        new CommandLine(new Main())
            .addSubcommand(new RunCommand(signals))
            .addSubcommand(new QuickstartCommand(signals));
    System.exit(commands.execute(arguments));
  }
}
