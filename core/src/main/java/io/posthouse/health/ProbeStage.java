package io.posthouse.health;

/** Where a {@link ProbeDialogue} is: the step that people see, and what its reply answers. */
enum ProbeStage {
  BANNER(ProbeStep.BANNER, ReplyStep.GREETING),
  EHLO(ProbeStep.HELLO, ReplyStep.HELLO),
  HELO(ProbeStep.HELLO, ReplyStep.HELLO),
  STARTTLS(ProbeStep.STARTTLS, ReplyStep.STARTTLS),
  TLS(ProbeStep.TLS, ReplyStep.OTHER),
  EHLO_AGAIN(ProbeStep.HELLO, ReplyStep.HELLO),
  XCLIENT(ProbeStep.XCLIENT, ReplyStep.OTHER),
  INSIDE_MAIL(ProbeStep.INSIDE_SENDER, ReplyStep.MAIL),
  INSIDE_RCPT(ProbeStep.INSIDE_RECIPIENT, ReplyStep.RCPT),
  RSET(ProbeStep.RESET, ReplyStep.OTHER),
  OUTSIDE_MAIL(ProbeStep.OUTSIDE_SENDER, ReplyStep.MAIL),
  OUTSIDE_RCPT(ProbeStep.OUTSIDE_RECIPIENT, ReplyStep.RCPT),
  QUIT(ProbeStep.RESET, ReplyStep.OTHER),
  CLOSED(ProbeStep.RESET, ReplyStep.OTHER);

  final ProbeStep step;
  final ReplyStep asked;

  ProbeStage(ProbeStep step, ReplyStep asked) {
    this.step = step;
    this.asked = asked;
  }

  /** Whether it asks for mail to be taken. */
  boolean takesMail() {
    return asked == ReplyStep.MAIL || asked == ReplyStep.RCPT;
  }

  /** Whether its reply is one to EHLO. */
  boolean isEhlo() {
    return this == EHLO || this == EHLO_AGAIN;
  }
}
