package io.posthouse.irule;

import java.util.List;
import java.util.Set;

/** Looks for addresses of clients that are compared as text. */
final class AddressLook implements Look {
  private static final Set<String> EQUAL = Set.of("equals", "eq", "==", "ne", "!=");
  private static final Set<String> PARTS =
      Set.of("contains", "starts_with", "ends_with", "matches", "matches_glob", "matches_regex");

  private static final String PART =
      "networks are not whole octets, and without a dot at the end 10.1.1 fits 10.1.100.7, too";
  private static final String NEVER = "a network is never equal";

  private final TclReader reader;
  private final Findings findings;

  AddressLook(TclReader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  @Override
  public void command(TclCommand command) throws TclException {
    switch (command.name()) {
      case "if" -> {
        If read = If.of(command);
        for (If.Branch branch : read == null ? List.<If.Branch>of() : read.branches()) {
          TclWord condition = branch.condition();
          if (condition != null) {
            compared(reader.expression(condition));
          }
        }
      }
      case "switch" -> cases(command);
      case "string" -> {
        if ("match".equals(command.argument(1)) || "first".equals(command.argument(1))) {
          patterns(command);
        }
      }
      case "regexp" -> patterns(command);
      default -> {}
    }
  }

  /** {@code [IP::client_addr] starts_with "10.1."}. */
  private void compared(List<TclPart> condition) {
    for (int i = 0; i + 1 < condition.size(); i++) {
      TclPart part = condition.get(i);
      if (part instanceof TclPart.Script script
          && script.commands().size() == 1
          && ListUse.isClientCommand(script.commands().getFirst())
          && condition.get(i + 1) instanceof TclPart.Text behind) {
        String[] words = behind.text().strip().split("\\s+", 3);
        String operand = words.length < 2 ? "" : words[1].replaceAll("[\"{})]", "");
        boolean whole =
            EQUAL.contains(words[0]) && (operand.isEmpty() || SourceLook.isAddress(operand));
        if (PARTS.contains(words[0])) {
          asText(script.at(), PART);
        } else if (EQUAL.contains(words[0]) && !whole) {
          asText(script.at(), NEVER);
        }
      }
    }
  }

  private void cases(TclCommand command) throws TclException {
    Switch read = Switch.of(reader, command);
    if (read == null || !ListUse.isClient(read.value())) {
      return;
    }
    boolean globs = read.options().contains("-glob") || read.options().contains("-regexp");
    for (Switch.Case each : read.cases()) {
      String pattern = each.pattern().literal();
      if (pattern != null
          && !pattern.equals("default")
          && (globs || !SourceLook.isAddress(pattern))) {
        asText(each.pattern().at(), globs ? PART : NEVER);
        return;
      }
    }
  }

  private void patterns(TclCommand command) {
    if (command.arguments().stream().anyMatch(ListUse::isClient)) {
      asText(command.at(), PART);
    }
  }

  private void asText(int at, String why) {
    findings.add(
        LintKind.ADDRESS_AS_TEXT,
        at,
        "the client's address is compared as text: " + why,
        "Write [IP::addr [IP::client_addr] equals NETWORK/BITS], or a data group of addresses.");
  }
}
