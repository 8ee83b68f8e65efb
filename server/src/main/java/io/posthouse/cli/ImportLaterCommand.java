package io.posthouse.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says that files of a balancer are not taken over yet. */
@Command(description = "Not in this release.")
final class ImportLaterCommand implements Callable<Integer> {
  private final ClientContext context;
  private final String balancer;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "Its configuration.")
  @SuppressWarnings("UnusedVariable") // picocli sets it
  private @Nullable Path file;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  ImportLaterCommand(ClientContext context, String balancer) {
    this.context = context;
    this.balancer = balancer;
  }

  @Override
  public Integer call() {
    context
        .err()
        .println(
            "posthouse: files of %s are not taken over in this release; of F5, rules are looked at: import f5 --lint FILE"
                .formatted(balancer));
    context.err().flush();
    return CommandFailure.USAGE;
  }
}
