package io.posthouse.smtp;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every line, whoever made it up. */
final class CommandLaws {
  /** Fits into the command line of any server that offers what the parameters need. */
  private static final int LONGEST = 1024;

  private CommandLaws() {}

  static void hold(String line) {
    switch (CommandParser.parse(line)) {
      case Command command -> ofACommand(command);
      case Parsed.Refused refused -> ofARefusal(refused);
    }
  }

  private static void ofACommand(Command command) {
    String canonical = command.line();
    assertThat(canonical).as("a bound").hasSizeLessThanOrEqualTo(LONGEST);
    assertThat(canonical.chars()).as("no control character").noneMatch(c -> c < ' ' || c == 0x7f);
    Parsed again = CommandParser.parse(canonical);
    assertThat(again).as(canonical).isEqualTo(withoutRoute(command));
    assertThat(((Command) again).line()).isEqualTo(canonical);
    if (command instanceof Command.Mail mail) {
      assertThat(mail.isAscii() || mail.isUtf8()).as("UTF-8 was asked for").isTrue();
      assertThat(mail.declaredSize()).isNotNegative();
      assertThat(mail.requires()).hasSizeLessThanOrEqualTo(Parameter.values().length);
      assertThat(canonical).startsWith("MAIL FROM:<").contains(">");
    } else if (command instanceof Command.Rcpt rcpt) {
      assertThat(rcpt.recipient().isNull()).isFalse();
      assertThat(canonical).startsWith("RCPT TO:<").contains(">");
    }
  }

  /** The one thing that is read and not passed on. */
  private static Command withoutRoute(Command command) {
    return switch (command) {
      case Command.Mail mail ->
          new Command.Mail(new Path(mail.sender().text(), false), mail.parameters());
      case Command.Rcpt rcpt ->
          new Command.Rcpt(new Path(rcpt.recipient().text(), false), rcpt.parameters());
      default -> command;
    };
  }

  private static void ofARefusal(Parsed.Refused refused) {
    assertThat(refused.reply().severity()).isEqualTo(5);
    assertThat(refused.octets()).isNotNegative();
  }
}
