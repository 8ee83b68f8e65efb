package io.posthouse.app;

import io.posthouse.admin.AuditJson;
import io.posthouse.admin.WhyQuestion;
import io.posthouse.cli.ClientCommands;
import io.posthouse.cli.ClientContext;
import io.posthouse.cli.ClientContext.Audited;
import io.posthouse.cli.CommandFailure;
import io.posthouse.cli.Target;
import io.posthouse.config.ConfigFile.Ports;
import io.posthouse.config.ConfigFile.Whereabouts;
import io.posthouse.door.BadQuestionException;
import io.posthouse.model.Configuration;
import io.posthouse.store.TokenFile;
import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import tools.jackson.databind.JsonNode;

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
    // First of all: a SIGHUP that comes while the process starts must not end it. Commands that
    // do not serve keep the system's way with signals.
    List<String> words = List.of(arguments);
    Signals signals = words.contains("run") || words.contains("quickstart") ? new Signals() : null;
    CommandLine commands =
        new CommandLine(new Main())
            .addSubcommand(new RunCommand(signals))
            .addSubcommand(new QuickstartCommand(signals));
    ClientCommands.addTo(commands, client(commands)).addSubcommand(new DsrSetupCommand());
    System.exit(commands.execute(arguments));
  }

  private static ClientContext client(CommandLine commands) {
    return new ClientContext(
        Main::target,
        Main::whyByCandidate,
        Main::audit,
        commands.getOut(),
        commands.getErr(),
        terminalColumns(),
        System::nanoTime,
        Thread::sleep,
        step -> Runtime.getRuntime().addShutdownHook(new Thread(step)));
  }

  /** Where Posthouse runs; a file with errors elsewhere still tells, so that it can be mended. */
  private static Target target(Path file) throws CommandFailure {
    Whereabouts where =
        switch (new ConfigSource(file, Ports.ANY).readAlone()) {
          case ConfigSource.Bad bad -> {
            if (bad.whereabouts() == null) {
              throw CommandFailure.usage(String.join("\n", bad.problems()));
            }
            yield bad.whereabouts();
          }
          case ConfigSource.Good good ->
              new Whereabouts(
                  good.configuration().admin().listen(), good.configuration().stateDirectory());
        };
    return new Target(
        where.admin(), TokenFile.in(Configuration.stateDirectory(file, where.stateDirectory())));
  }

  /** The answer by a file that need not run. */
  private static JsonNode whyByCandidate(Path file, Map<String, String> asked)
      throws CommandFailure {
    try {
      return WhyQuestion.answer(asked, CandidateExplainer.of(file));
    } catch (BadQuestionException bad) {
      throw CommandFailure.usage(String.valueOf(bad.getMessage()));
    }
  }

  /** What reading a file finds; nothing need run. */
  private static Audited audit(Path file) throws CommandFailure {
    FileAudit found = FileAudit.of(file);
    return new Audited(
        AuditJson.of(found.audit(), found.exchange()),
        found.read().lines()::of,
        found.read().configuration().audit().accept());
  }

  /** The width of the terminal that standard output is; 0 when it is none. */
  @SuppressWarnings("SystemConsoleNull") // JSpecify's model of the JDK still says that it may be.
  private static int terminalColumns() {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return 0;
    }
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : 80;
  }
}
