package io.posthouse.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Takes over what another balancer has; so far its rules are looked at. */
@Command(
    name = "import",
    description = "Look at the configuration of another balancer. Posthouse need not run.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing was found but notes",
      "1:an error or a warning was found",
      "2:wrong usage, or the file cannot be read"
    })
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "which balancer's file? import f5 --lint FILE");
  }
}
