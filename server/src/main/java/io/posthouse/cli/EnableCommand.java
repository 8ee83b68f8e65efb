package io.posthouse.cli;

import picocli.CommandLine.Command;

/** Let a member take work again. */
@Command(
    name = "enable",
    description = {
      "Let a member take work again.",
      "",
      "Ends drain and disable; how much work it gets is for its health to say.",
      "It lasts over reload and restart, until the member's state in the file is edited.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:no such member, or Posthouse cannot be asked",
      "2:wrong usage or configuration"
    })
final class EnableCommand extends MemberCommand {
  EnableCommand(ClientContext context) {
    super(context);
  }

  @Override
  int run(ApiClient api) throws CommandFailure {
    administer(api, "enable");
    return 0;
  }
}
