package io.posthouse.smtp.wire;

/**
 * Finds the end of data: exactly CR LF . CR LF, the first CR LF being the one before the body when
 * the body is empty (RFC 5321 section 4.1.1.4). A CR or LF that is not part of CR LF is told, and
 * ends nothing.
 */
public final class EndOfDataScanner {
  /** What an octet turned out to be. */
  public enum Step {
    /** Part of the body, as far as is known. */
    MORE,
    /** The last octet of the end of data. */
    END,
    /** A CR before this octet had no LF. */
    BARE_CR,
    /** This LF has no CR before it. */
    BARE_LF,
    /**
     * This NUL follows a dot that begins a line: where a NUL ends a text, as in OpenSMTPD, the line
     * is a dot alone, and the end of data.
     */
    DOT_NUL;

    /** Whether a body with this is to be refused. */
    public boolean isRefused() {
      return this != MORE && this != END;
    }
  }

  private enum State {
    LINE_START,
    MID_LINE,
    CR,
    DOT,
    DOT_CR
  }

  private State state = State.LINE_START;

  /** Begins another body. */
  public void reset() {
    state = State.LINE_START;
  }

  /** Whether every octet but CR and LF changes nothing now, so that they may be skipped. */
  public boolean isMidLine() {
    return state == State.MID_LINE;
  }

  /** Takes the next octet. After any answer but MORE the scanner is to be reset. */
  public Step accept(byte octet) {
    return switch (octet) {
      case '\r' -> carriageReturn();
      case '\n' -> lineFeed();
      default -> other(octet);
    };
  }

  private Step carriageReturn() {
    switch (state) {
      case CR, DOT_CR -> {
        return Step.BARE_CR;
      }
      case DOT -> state = State.DOT_CR;
      case LINE_START, MID_LINE -> state = State.CR;
    }
    return Step.MORE;
  }

  private Step lineFeed() {
    return switch (state) {
      case CR -> {
        state = State.LINE_START;
        yield Step.MORE;
      }
      case DOT_CR -> Step.END;
      case LINE_START, MID_LINE, DOT -> Step.BARE_LF;
    };
  }

  private Step other(byte octet) {
    switch (state) {
      case CR, DOT_CR -> {
        return Step.BARE_CR;
      }
      case LINE_START -> state = octet == '.' ? State.DOT : State.MID_LINE;
      case DOT -> {
        state = State.MID_LINE;
        return octet == 0 ? Step.DOT_NUL : Step.MORE;
      }
      case MID_LINE -> {}
    }
    return Step.MORE;
  }
}
