package io.posthouse.cli;

import picocli.CommandLine.Command;

/** Take a member out of work, and cut what is left after a deadline. */
@Command(
    name = "disable",
    description = {
      "Take a member out of work, and cut what is left after a deadline.",
      "",
      "Like drain, but links that still run after the pool's disable-deadline are cut.",
      "It lasts over reload and restart, until the member's state in the file is edited.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:no such member, or Posthouse cannot be asked",
      "2:wrong usage or configuration"
    })
final class DisableCommand extends MemberCommand {
  DisableCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    administer(api, "disable");
    return 0;
  }
}
