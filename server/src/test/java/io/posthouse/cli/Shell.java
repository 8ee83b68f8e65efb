package io.posthouse.cli;

import io.posthouse.admin.AdminServer;
import io.posthouse.admin.House;
import io.posthouse.model.Endpoint;
import io.posthouse.store.StoreException;
import io.posthouse.store.TokenFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What a command is run in by a test: a Posthouse that is there when it is first asked for, what
 * was printed, and a clock that moves while a command waits.
 */
final class Shell implements AutoCloseable {
  final House house = new House();

  /** Finds that Posthouse by any file, unless a test says otherwise. */
  ClientContext.Targets targets = file -> target();

  ClientContext.Candidates candidates =
      (file, asked) -> {
        throw new AssertionError("no candidate is explained");
      };
  ClientContext.Audits audits =
      file -> {
        throw new AssertionError("nothing is audited");
      };

  /** What happens in each wait, one after the other. */
  final List<Runnable> whileWaiting = new ArrayList<>();

  /** What the process does at its end. */
  final List<Runnable> atEnd = new ArrayList<>();

  int columns;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path directory;
  private @Nullable AdminServer server;
  private @Nullable Target target;
  private long nanos;

  @Command(name = "posthouse")
  private static final class Root {}

  /**
   * A shell before a Posthouse.
   *
   * @param directory where its token is
   */
  Shell(Path directory) {
    this.directory = directory;
  }

  /** Where the Posthouse is. */
  Target target() throws CommandFailure {
    Target known = target;
    if (known != null) {
      return known;
    }
    try {
      AdminServer begun =
          AdminServer.start(new Endpoint("127.0.0.1", 0), TokenFile.open(directory), house.doors());
      server = begun;
      Target where = new Target(begun.address(), TokenFile.in(directory));
      target = where;
      return where;
    } catch (StoreException | IOException e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()));
    }
  }

  /** Runs a command; its exit code. */
  int run(String... words) {
    return run(new PrintWriter(out), new PrintWriter(err, true), words);
  }

  int run(PrintWriter to, PrintWriter notes, String... words) {
    CommandLine root = new CommandLine(new Root());
    ClientCommands.addTo(
        root,
        new ClientContext(
            file -> targets.of(file),
            (file, asked) -> candidates.why(file, asked),
            file -> audits.of(file),
            to,
            notes,
            columns,
            () -> nanos,
            time -> {
              nanos += time.toNanos();
              if (!whileWaiting.isEmpty()) {
                whileWaiting.removeFirst().run();
              }
            },
            atEnd::add));
    root.setOut(to).setErr(notes);
    return root.execute(words);
  }

  /** What was printed since {@link #clear}. */
  String out() {
    return out.toString();
  }

  /** What was said about it. */
  String err() {
    return err.toString();
  }

  /** Forgets what was printed. */
  void clear() {
    out.getBuffer().setLength(0);
  }

  @Override
  public void close() {
    AdminServer begun = server;
    if (begun != null) {
      begun.close();
    }
  }
}
