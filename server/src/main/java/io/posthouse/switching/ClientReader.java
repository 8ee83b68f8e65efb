package io.posthouse.switching;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.CommandParser;
import io.posthouse.smtp.Parsed;
import io.posthouse.smtp.session.ClientInput;
import io.posthouse.smtp.session.Link;
import io.posthouse.smtp.session.Transaction;
import io.posthouse.smtp.wire.EndOfDataScanner;
import io.posthouse.smtp.wire.LineEndNormaliser;
import io.posthouse.smtp.wire.LineScanner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a client sends into commands, bodies and chunks, and asks the session before each piece
 * what it is.
 *
 * <p>What may not be read yet waits in the buffer it came in; the begin of a line whose end has not
 * come is copied out, so that a client that trickles holds some octets and not a buffer.
 *
 * <p>A body passes as it came, in slices of what was read. Only where line ends are normalised it
 * is copied.
 */
final class ClientReader {
  /** RFC 5321 section 4.5.3.1.4 says 512; SMTPUTF8, DSN and AUTH of MAIL and RCPT add more. */
  private static final int MAX_LINE = 2048;

  /** RFC 4954 section 4 says 12288 for what is base64, AUTH and its mechanism come before it. */
  private static final int MAX_AUTH_LINE = 12_288 + 64;

  private final SmtpLink link;
  private final Link session;
  private final MemberSide member;
  private final ByteBufAllocator allocator;
  private final LineScanner lines;
  private final EndOfDataScanner endOfData = new EndOfDataScanner();

  /** What makes line ends CR LF; null where others are refused. */
  private final @Nullable LineEndNormaliser normaliser;

  private byte @Nullable [] begun;
  private int begunLength;
  private @Nullable ByteBuf rest;
  private boolean ended;
  private boolean over;
  private long octets;
  private long commands;

  /**
   * A reader of one link.
   *
   * @param normalises whether line ends other than CR LF are made CR LF, rather than refused
   */
  ClientReader(
      SmtpLink link,
      Link session,
      MemberSide member,
      ByteBufAllocator allocator,
      boolean normalises) {
    this.link = link;
    this.session = session;
    this.member = member;
    this.allocator = allocator;
    this.lines = new LineScanner(MAX_LINE, normalises);
    this.normaliser = normalises ? new LineEndNormaliser() : null;
  }

  /** Octets that came so far. */
  long octets() {
    return octets;
  }

  /** Command lines that came so far. */
  long commands() {
    return commands;
  }

  /** Takes over what was read. */
  void take(ByteBuf read) {
    octets += read.readableBytes();
    if (over) {
      read.release();
      return;
    }
    ByteBuf before = rest;
    rest =
        before == null
            ? read
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, read);
  }

  /** The client has ended its output. */
  void ended() {
    ended = true;
    if (rest == null) {
      link.clientEnded();
    }
  }

  /** Whether octets wait that may not be dealt with yet. */
  boolean hasRest() {
    return rest != null;
  }

  /** Whether there is more behind what was told last. */
  boolean hasMore() {
    ByteBuf now = rest;
    return now != null && now.isReadable();
  }

  /**
   * Gives away, as it came, all that was not dealt with; null for nothing. TLS begins, so it is no
   * command, whatever it looks like.
   */
  @Nullable ByteBuf giveAway() {
    ByteBuf now = rest;
    if (now == null || !now.isReadable()) {
      return null; // An empty one is in the hand of whoever deals with its last command.
    }
    rest = null;
    octets -= now.readableBytes();
    return now;
  }

  /** Whether the client has ended its output. */
  boolean hasEnded() {
    return ended;
  }

  /** Deals with as much as the session lets. */
  void consume() {
    ByteBuf now = rest;
    while (now != null && now.isReadable() && step(now)) {
      now = rest; // Nothing when the link was closed over this piece.
    }
    if (now != null && !now.isReadable()) {
      rest = null;
      now.release();
      if (ended) {
        session.clientEnded();
      }
    }
  }

  private boolean step(ByteBuf from) {
    return switch (session.input()) {
      case COMMAND, RESPONSE -> !link.holdsCommand() && command(from);
      case DATA -> data(from);
      case CHUNK -> chunk(from);
      case HELD, HANDSHAKE -> false;
      case CLOSED -> {
        from.skipBytes(from.readableBytes());
        yield false;
      }
    };
  }

  private boolean command(ByteBuf from) {
    int start = from.readerIndex();
    int end = from.writerIndex();
    lines.limit(maxLine());
    for (int i = start; i < end; i++) {
      LineScanner.Step step = lines.accept(from.getByte(i));
      if (step != LineScanner.Step.MORE) {
        String line =
            switch (step) {
              case LINE -> line(from, start, i - 1);
              case LF_LINE -> line(from, start, i);
              case TOO_LONG, BARE, FOREIGN, FLOOD, MORE -> "";
            };
        from.readerIndex(i + 1);
        begun = null; // It may hold a password.
        begunLength = 0;
        commands++;
        tell(step, line);
        return true;
      }
    }
    keepBegun(from, start, end - start);
    from.readerIndex(end);
    return true;
  }

  private int maxLine() {
    return session.mayLogIn() ? MAX_AUTH_LINE : MAX_LINE;
  }

  private void tell(LineScanner.Step step, String line) {
    LineEndNormaliser bodies = normaliser;
    if (bodies != null) {
      bodies.begin(step == LineScanner.Step.LINE); // Should it be DATA.
    }
    switch (step) {
      case LINE, LF_LINE -> take(line);
      case TOO_LONG -> session.lineTooLong();
      case BARE -> session.bareLineEnd();
      case FOREIGN -> session.notSmtp();
      case FLOOD -> session.flood();
      case MORE -> throw new AssertionError("not a line");
    }
  }

  private void take(String line) {
    if (session.input() == ClientInput.RESPONSE) {
      link.transcript().answered();
      session.response(line);
      return;
    }
    Parsed parsed = CommandParser.parse(line);
    link.transcript().heard(parsed, line);
    switch (parsed) {
      case Command command -> session.command(command);
      case Parsed.Refused refused -> session.refused(refused);
    }
  }

  private String line(ByteBuf from, int start, int end) {
    byte[] before = begun;
    if (before == null || begunLength == 0) {
      return from.toString(start, end - start, StandardCharsets.ISO_8859_1);
    }
    if (end < start) { // The CR came in the piece before.
      return new String(before, 0, begunLength - 1, StandardCharsets.ISO_8859_1);
    }
    return new String(before, 0, begunLength, StandardCharsets.ISO_8859_1)
        + from.toString(start, end - start, StandardCharsets.ISO_8859_1);
  }

  private void keepBegun(ByteBuf from, int start, int count) {
    if (!lines.isWithinLimit()) {
      begun = null; // It will be told as too long, whatever it says.
      begunLength = 0;
      return;
    }
    byte[] to = begun;
    if (to == null || to.length < begunLength + count) {
      int size = Math.min(maxLine(), Math.max(64, Integer.highestOneBit(begunLength + count) * 2));
      to = to == null ? new byte[size] : Arrays.copyOf(to, size);
      begun = to;
    }
    from.getBytes(start, to, begunLength, count);
    begunLength += count;
  }

  private boolean data(ByteBuf from) {
    boolean forwards = session.forwardsBody();
    if (forwards && !member.takesMore()) {
      return false;
    }
    LineEndNormaliser bodies = normaliser;
    if (bodies != null) {
      normalise(from, bodies, forwards);
      return true;
    }
    int start = from.readerIndex();
    int end = from.writerIndex();
    int i = start;
    EndOfDataScanner.Step step = EndOfDataScanner.Step.MORE;
    while (i < end && step == EndOfDataScanner.Step.MORE) {
      if (endOfData.isMidLine()) {
        i = LineEndSearch.nextUnusual(from, i, end);
      }
      if (i < end) {
        step = endOfData.accept(from.getByte(i++));
      }
    }
    if (step != EndOfDataScanner.Step.MORE) {
      endOfData.reset();
    }
    if (step.isRefused()) {
      session.bareLineEnd();
      return true;
    }
    pass(from, i - start, forwards);
    if (step == EndOfDataScanner.Step.END) {
      endOfBody();
    }
    return true;
  }

  private void endOfBody() {
    Transaction message = session.transaction();
    if (message != null) {
      link.transcript().body(message.octets());
    }
    session.endOfData();
  }

  /** The octets that count from here on are those that a member gets. */
  private void normalise(ByteBuf from, LineEndNormaliser bodies, boolean forwards) {
    ByteBuf to = allocator.buffer(from.readableBytes());
    boolean end = false;
    while (from.isReadable() && !end) {
      int start = from.readerIndex();
      int next = bodies.isMidLine() ? LineEndSearch.next(from, start, from.writerIndex()) : start;
      to.writeBytes(from, next - start);
      if (from.isReadable()) {
        byte octet = from.readByte();
        LineEndNormaliser.Step step = bodies.accept(octet);
        to.writeCharSequence(step.before(), StandardCharsets.US_ASCII);
        if (LineEndNormaliser.follows(octet)) {
          to.writeByte(octet);
        }
        end = step == LineEndNormaliser.Step.END;
      }
    }
    int count = to.readableBytes();
    if (forwards && count > 0) {
      member.body(to);
    } else {
      to.release();
    }
    link.moved();
    session.bodyOctets(count);
    if (end) {
      endOfBody();
    }
  }

  private boolean chunk(ByteBuf from) {
    boolean forwards = session.forwardsBody();
    if (forwards && !member.takesMore()) {
      return false;
    }
    pass(from, (int) Math.min(session.chunkOctetsLeft(), from.readableBytes()), forwards);
    return true;
  }

  private void pass(ByteBuf from, int count, boolean forwards) {
    if (forwards) {
      member.body(from.readRetainedSlice(count));
    } else {
      from.skipBytes(count);
    }
    link.moved();
    session.bodyOctets(count);
  }

  /** Throws everything away, and whatever else may come. */
  void clear() {
    over = true;
    begun = null;
    ByteBuf now = rest;
    rest = null;
    if (now != null) {
      now.release();
    }
  }
}
