package io.posthouse.cli;

import picocli.CommandLine;

/** The commands that talk to a running Posthouse, or need none. */
public final class ClientCommands {
  private ClientCommands() {}

  /** Adds them to the root command; that of dsr, which has others too. */
  public static CommandLine addTo(CommandLine root, ClientContext context) {
    root.addSubcommand(new StatusCommand(context));
    root.addSubcommand(new ReportCommand(context));
    root.addSubcommand(new WhyCommand(context));
    root.addSubcommand(new TraceCommand(context));
    root.addSubcommand(new AuditCommand(context));
    root.addSubcommand(new PathCommand(context));
    CommandLine dsr = new CommandLine(new DsrCommand()).addSubcommand(new DsrCheckCommand(context));
    root.addSubcommand(dsr);
    root.addSubcommand(new ReloadCommand(context));
    root.addSubcommand(new DrainCommand(context));
    root.addSubcommand(new EnableCommand(context));
    root.addSubcommand(new DisableCommand(context));
    root.addSubcommand(new ProbeCommand(context));
    root.addSubcommand(
        new CommandLine(new ImportCommand())
            .addSubcommand(new ImportF5Command(context))
            .addSubcommand("netscaler", new ImportLaterCommand(context, "NetScaler"))
            .addSubcommand("haproxy", new ImportLaterCommand(context, "HAProxy")));
    return dsr;
  }
}
