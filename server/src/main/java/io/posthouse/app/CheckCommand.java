package io.posthouse.app;

import io.posthouse.config.ConfigFile.Ports;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code posthouse check}: says all that is wrong with a configuration file. */
@Command(
    name = "check",
    description = "Checks a configuration file and names every problem with its line and column.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "Exit codes: 0 good, also with warnings; 1 warnings with --strict; 2 errors."})
final class CheckCommand implements Callable<Integer> {
  @Mixin ConfigOption config = new ConfigOption();

  @Option(names = "--strict", description = "Warnings make the exit code 1.")
  boolean strict;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    ConfigSource source = new ConfigSource(config.file, Ports.FIXED);
    return switch (source.read()) {
      case ConfigSource.Bad bad -> {
        bad.problems().forEach(err::println);
        yield 2;
      }
      case ConfigSource.Good good -> {
        List<?> warnings = warnings(source, good);
        warnings.forEach(err::println);
        int pools = good.configuration().pools().size();
        int servers = good.configuration().virtualServers().size();
        out.printf(
            "%s: good; %d virtual server%s, %d pool%s%n",
            config.file, servers, servers == 1 ? "" : "s", pools, pools == 1 ? "" : "s");
        yield strict && !warnings.isEmpty() ? 1 : 0;
      }
    };
  }

  private static List<?> warnings(ConfigSource source, ConfigSource.Good good) {
    try {
      return FileAudit.here(source, good).warnings();
    } catch (ListException goneSince) {
      return good.warnings();
    }
  }
}
