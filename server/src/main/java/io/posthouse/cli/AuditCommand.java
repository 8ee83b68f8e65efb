package io.posthouse.cli;

import io.posthouse.audit.LiveAuditor;
import io.posthouse.cli.ClientContext.Audited;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Says what is dangerous, or without effect, in a configuration that is right. */
@Command(
    name = "audit",
    description = {
      "Look for open relays and for the causes of trouble with balanced SMTP in a configuration file: source addresses,"
          + " balance methods, weights and priorities, probes.",
      "",
      "Without --live only the file is read, and the lists that it names; Posthouse need not run. A finding that is meant goes into"
          + " audit.accept of the file, with the reason, and stays listed.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing was found that is not accepted",
      "1:something was found, or what runs could not be asked",
      "2:wrong usage or configuration"
    })
final class AuditCommand extends ClientCommand {
  @Option(
      names = "--exchange",
      description =
          "Print the commands that make the receive connectors of Exchange servers as members, and nothing else.")
  private boolean exchange;

  @Option(
      names = "--live",
      description = {
        "Also ask what runs whether it relays: each virtual server as a client of each class that may not send to"
            + " anybody, and each member from each address that such clients come from. Never with DATA, and five"
            + " recipients to a connection at most."
      })
  private boolean live;

  @Option(
      names = "--recipient",
      paramLabel = "ADDRESS",
      description =
          "With --live: a mailbox in a domain that exists and is not yours; "
              + LiveAuditor.RECIPIENT
              + " when left out.")
  private @Nullable String recipient;

  private Audited audited = new Audited(JsonNodeFactory.instance.objectNode(), key -> 0, List.of());

  AuditCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run() throws CommandFailure {
    checkOptions();
    audited = context().audits().of(config("which file? Name it with -c FILE"));
    if (exchange) {
      printEach(audited.answer().path("exchange"), "");
      return 0;
    }
    if (!live) {
      return tell();
    }
    try {
      return super.run();
    } catch (CommandFailure failure) {
      tell(); // What the file says holds all the same.
      throw failure;
    }
  }

  /** Adds what runs says. */
  @Override
  int run(ApiClient api) throws CommandFailure {
    new LiveQuestions(api, audited, context(), this::note)
        .ask(recipient == null ? LiveAuditor.RECIPIENT : recipient);
    return tell();
  }

  private void checkOptions() throws CommandFailure {
    if (exchange && wantsJson()) {
      throw CommandFailure.usage("--json has the commands, too; leave --exchange out, or --json");
    }
    if (exchange && live) {
      throw CommandFailure.usage(
          "--exchange prints commands by the file alone; leave --live out, or --exchange");
    }
    if (recipient != null && !live) {
      throw CommandFailure.usage("--recipient is for what runs; add --live, or leave it out");
    }
    if (recipient != null && !LiveAuditor.PLAIN.matcher(recipient).matches()) {
      throw CommandFailure.usage(
          "--recipient takes a plain address such as %s, not %s"
              .formatted(LiveAuditor.RECIPIENT, recipient));
    }
  }

  private int tell() {
    ObjectNode answer = audited.answer();
    if (!printedJson(answer.toString())) {
      new AuditText(answer).lines(context().columns()).forEach(this::print);
    }
    return answer.path("open").asInt() == 0 ? 0 : CommandFailure.FAILED;
  }
}
