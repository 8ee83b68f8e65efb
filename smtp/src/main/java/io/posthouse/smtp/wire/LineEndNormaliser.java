package io.posthouse.smtp.wire;

/**
 * Makes every line of a body end in CR LF, and finds the end of data: exactly CR LF . CR LF as its
 * client sent it.
 *
 * <p>Each octet is told on its own, and the answer says what goes to the member before it. The
 * octet follows, but for a CR: what it is shows only with the octet behind it, which brings it
 * along. So nothing is ever taken back, and no member sees half of a line end.
 *
 * <p>A dot at the begin of a line is doubled where leaving it would make or lose something: a dot
 * alone on a line that did not both begin and end by exact CR LF, which a member would take for the
 * end; one before a NUL, which a member would that takes a NUL for the end of a text; and one that
 * follows a bare CR or LF without being followed by another dot. A client that takes a bare LF for
 * a line end has doubled it already, one that does not meant it as it is.
 */
public final class LineEndNormaliser {
  /** What goes before an octet. */
  public enum Step {
    /** Nothing. */
    NOTHING(""),
    /** The CR of this LF. */
    CR("\r"),
    /** The line end that the octet before was meant to be. */
    CR_LF("\r\n"),
    /** The dot before is doubled. */
    DOT("."),
    /** The same, and the CR of this LF. */
    DOT_CR(".\r"),
    /** The same, and the line end that the octet before was meant to be. */
    DOT_CR_LF(".\r\n"),
    /** The CR of this LF, which is the last octet of the end of data. */
    END("\r");

    private final String before;

    Step(String before) {
      this.before = before;
    }

    /** The octets that go before the one told. */
    public String before() {
      return before;
    }
  }

  private enum State {
    LINE_START,
    /** The line before ended in a bare CR or LF. */
    BARE_START,
    MID_LINE,
    CR,
    DOT,
    BARE_DOT,
    /** A dot alone since an exact line end, and a CR. */
    DOT_CR
  }

  private State state = State.LINE_START;

  /**
   * Begins another body.
   *
   * @param exactly whether the line of its DATA ended in CR LF, which begins its first line
   */
  public void begin(boolean exactly) {
    state = exactly ? State.LINE_START : State.BARE_START;
  }

  /** Whether every octet but CR and LF goes on as it is now. */
  public boolean isMidLine() {
    return state == State.MID_LINE;
  }

  /** Whether the octet follows what goes before it at once, rather than with the next one. */
  public static boolean follows(byte octet) {
    return octet != '\r';
  }

  /** Takes the next octet. After END another body is to be begun. */
  public Step accept(byte octet) {
    return switch (octet) {
      case '\r' -> carriageReturn();
      case '\n' -> lineFeed();
      default -> other(octet);
    };
  }

  private Step carriageReturn() {
    State before = state;
    state = before == State.DOT ? State.DOT_CR : State.CR;
    return switch (before) {
      case LINE_START, BARE_START, MID_LINE, DOT -> Step.NOTHING;
      case CR -> Step.CR_LF;
      case BARE_DOT -> Step.DOT;
      case DOT_CR -> Step.DOT_CR_LF;
    };
  }

  private Step lineFeed() {
    State before = state;
    state = before == State.CR ? State.LINE_START : State.BARE_START;
    return switch (before) {
      case LINE_START, BARE_START, MID_LINE, CR -> Step.CR;
      case DOT, BARE_DOT -> Step.DOT_CR;
      case DOT_CR -> Step.END;
    };
  }

  private Step other(byte octet) {
    State before = state;
    boolean dot = octet == '.';
    state =
        switch (before) {
          case LINE_START -> dot ? State.DOT : State.MID_LINE;
          case BARE_START, CR, DOT_CR -> dot ? State.BARE_DOT : State.MID_LINE;
          case MID_LINE, DOT, BARE_DOT -> State.MID_LINE;
        };
    return switch (before) {
      case LINE_START, BARE_START, MID_LINE -> Step.NOTHING;
      case DOT -> octet == 0 ? Step.DOT : Step.NOTHING;
      case CR -> Step.CR_LF;
      case BARE_DOT -> dot ? Step.NOTHING : Step.DOT;
      case DOT_CR -> Step.DOT_CR_LF;
    };
  }
}
