package io.posthouse.cli;

import io.posthouse.irule.IruleLint;
import io.posthouse.irule.Linted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at the iRules of an F5 BIG-IP. */
@Command(
    name = "f5",
    description = {
      "Look at the iRules in a bigip.conf (versions 9 to 17), or at one rule in a file of its own: what fails or does harm"
          + " when it runs, what says the same in Posthouse, and, where a rule decides by the client's address, the client"
          + " classes that do the same.",
      "",
      "Nothing is changed, nothing is asked, and no rule is run.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing was found but notes",
      "1:an error or a warning was found",
      "2:wrong usage, or the file cannot be read"
    })
final class ImportF5Command implements Callable<Integer> {
  @Option(names = "--lint", description = "Look at the iRules of the file.")
  private boolean lint;

  @Option(names = "--json", description = "Print JSON in place of text.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "A bigip.conf, or a file with one rule.")
  private Path file = Path.of("");

  private final ClientContext context;

  ImportF5Command(ClientContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try {
      return run();
    } catch (CommandFailure failure) {
      context.err().println("posthouse: " + Terminal.safe(String.valueOf(failure.getMessage())));
      return failure.exitCode();
    } finally {
      context.out().flush();
      context.err().flush();
    }
  }

  private int run() throws CommandFailure {
    if (!lint) {
      throw CommandFailure.usage(
          "whole configurations of F5 are not taken over in this release; its iRules are looked at with --lint");
    }
    Linted linted = IruleLint.of(text());
    if (json) {
      context.out().println(LintJson.of(linted));
    } else {
      new LintText(file.toString(), linted)
          .lines(context.columns())
          .forEach(line -> context.out().println(Terminal.safe(line)));
    }
    return linted.wrong() ? CommandFailure.FAILED : 0;
  }

  private String text() throws CommandFailure {
    byte[] octets;
    try (InputStream in = Files.newInputStream(file)) {
      octets = in.readNBytes(IruleLint.LONGEST + 1);
    } catch (NoSuchFileException missing) {
      throw CommandFailure.usage(
          file + ": there is no such file; name a bigip.conf or a file with one rule");
    } catch (IOException unreadable) {
      throw CommandFailure.usage(file + " cannot be read: " + unreadable);
    }
    if (octets.length > IruleLint.LONGEST) {
      throw CommandFailure.usage(
          file
              + " is longer than 1 MiB; put the rules, and the lists that they use, into a file of their own");
    }
    return new String(octets, StandardCharsets.UTF_8);
  }
}
