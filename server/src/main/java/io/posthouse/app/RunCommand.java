package io.posthouse.app;

import io.posthouse.config.ConfigFile.Ports;
import io.posthouse.kernel.KernelException;
import io.posthouse.ledger.EventLog;
import io.posthouse.net.ListenException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code posthouse run}: serves until SIGTERM. */
@Command(
    name = "run",
    description = "Serves the virtual servers of a configuration file until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "SIGHUP reads the file again and reopens the log. SIGTERM lets running links end, at most for",
      "limits.shutdown-timeout; a second one cuts them.",
      "Exit codes: 0 ended by a signal; 1 an address cannot be bound, or a right is missing; 2 the file cannot be used."
    })
final class RunCommand implements Callable<Integer> {
  @Mixin ConfigOption config = new ConfigOption();

  @Spec CommandSpec spec = CommandSpec.create();

  private final @Nullable Signals signals;

  /** The command, with signals that were taken over before it was parsed. */
  RunCommand(@Nullable Signals signals) {
    this.signals = signals;
  }

  @Override
  public Integer call() throws InterruptedException {
    ConfigSource source = new ConfigSource(config.file, Ports.FIXED);
    switch (source.read()) {
      case ConfigSource.Bad bad -> {
        bad.problems().forEach(spec.commandLine().getErr()::println);
        return 2;
      }
      case ConfigSource.Good good -> {
        return serve(source, good);
      }
    }
  }

  private int serve(ConfigSource source, ConfigSource.Good good) throws InterruptedException {
    Signals heard = signals == null ? new Signals() : signals;
    try (EventLog events =
        EventLog.start(InstantSource.system(), new FileOutputStream(FileDescriptor.err))) {
      try (Posthouse posthouse = Posthouse.start(source, good, events)) {
        posthouse.serve(heard);
        return 0;
      } catch (ListenException | KernelException e) {
        spec.commandLine().getErr().println("posthouse: " + e.getMessage());
        return 1;
      }
    }
  }
}
