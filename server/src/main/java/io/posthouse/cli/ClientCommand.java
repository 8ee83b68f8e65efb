package io.posthouse.cli;

import io.posthouse.model.Endpoint;
import io.posthouse.store.StoreException;
import io.posthouse.store.TokenFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What all of these commands share: the way to the API, and one line for a failure. */
abstract class ClientCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration file; it also names a running Posthouse's API and token.")
  private @Nullable Path config;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The API, for example http://127.0.0.1:8025; needs --token-file or -c.")
  private @Nullable String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The file with the administrator's token.")
  private @Nullable Path tokenFile;

  @Option(names = "--json", description = "Print JSON in place of text.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  private final ClientContext context;

  ClientCommand(ClientContext context) {
    this.context = context;
  }

  /** What the command does; the exit code. */
  abstract int run(ApiClient api) throws CommandFailure;

  /** The same; for a command that may do without the API. */
  int run() throws CommandFailure {
    return run(api());
  }

  final ApiClient api() throws CommandFailure {
    return new ApiClient(target());
  }

  @Override
  public final Integer call() {
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

  /** The file that was named, for a command that reads it itself. */
  final Path config(String absent) throws CommandFailure {
    if (config == null) {
      throw CommandFailure.usage(absent);
    }
    return config;
  }

  final ClientContext context() {
    return context;
  }

  /** Whether JSON is wanted. */
  final boolean wantsJson() {
    return json;
  }

  /** Prints the answer as it came if JSON is wanted; whether it did. */
  final boolean printedJson(ApiReply reply) {
    return printedJson(reply.body());
  }

  final boolean printedJson(String text) {
    if (json) {
      context.out().println(text);
    }
    return json;
  }

  final void print(Table table) {
    table.lines(context.columns()).forEach(this::print);
  }

  final void print(String line) {
    context.out().println(Terminal.safe(line));
  }

  /** An array of texts in an answer, a line each. */
  final void printEach(JsonNode texts, String before) {
    for (JsonNode text : texts) {
      print(before + text.asString(""));
    }
  }

  /** Progress, for whoever waits; what was asked for goes elsewhere. */
  final void note(String line) {
    context.err().println(Terminal.safe(line));
    context.err().flush();
  }

  private ApiClient.Access target() throws CommandFailure {
    Target found = config == null ? null : context.targets().of(config);
    Endpoint address = url != null ? endpoint(url) : found == null ? null : found.address();
    Path token = tokenFile != null ? tokenFile : found == null ? null : found.tokenFile();
    if (address == null || token == null) {
      throw CommandFailure.usage(
          "which Posthouse? Name its configuration with -c FILE, or give --url and --token-file");
    }
    try {
      return new ApiClient.Access(address, TokenFile.read(token), TokenFile.owner(token));
    } catch (StoreException unreadable) {
      throw CommandFailure.failed(String.valueOf(unreadable.getMessage()));
    }
  }

  private static Endpoint endpoint(String url) throws CommandFailure {
    try {
      URI uri = URI.create(url);
      if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        return new Endpoint(host, uri.getPort() < 0 ? 80 : uri.getPort());
      }
    } catch (IllegalArgumentException notUrl) {
      throw CommandFailure.usage("--url takes http://HOST:PORT, not " + url);
    }
    throw CommandFailure.usage("--url takes http://HOST:PORT, not " + url);
  }
}
