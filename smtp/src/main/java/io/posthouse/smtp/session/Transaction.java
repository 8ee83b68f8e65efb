package io.posthouse.smtp.session;

import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message: its envelope, how far it got with the member at hand, and what its client was told.
 */
public final class Transaction extends Errand {
  private final Command.Mail mail;
  private final List<Recipient> recipients = new ArrayList<>(1);
  private int accepted;

  /** Whether it goes to the member that its client is logged in at, and to nobody else. */
  boolean pinned;

  /** The ledger's slots of MAIL and of what the client waits for now: DATA, a chunk or the end. */
  final long mailSlot;

  long bodySlot = -1;

  /** What the client was told of MAIL; null before. */
  @Nullable Reply mailReply;

  /** Whether we refused a recipient, which no member heard of. */
  boolean recipientRefused;

  /** Whether the body comes by DATA: the command was given and not refused. */
  boolean dataRequested;

  /** Whether the client was told 354. */
  boolean dataGranted;

  /** The chunk that is under way or waits for its reply; null for none. */
  Command.@Nullable Bdat chunk;

  /** Whether chunks were begun, so that DATA may not follow. */
  boolean chunked;

  /** Whether a chunk was refused by us, so that no other may follow (RFC 3030 section 2). */
  boolean chunkMissing;

  /** Octets of chunks whose 250 the client has. */
  long chunkedOctets;

  /** Octets of the body that the client gave so far, its end included. */
  long octets;

  /** Whether the whole body is there. */
  boolean complete;

  /** Whether the member has all of it, so that nobody else may get it. */
  boolean committed;

  /** Whether everything the client gave can be given again. */
  boolean replayable = true;

  // How far it got with the member at hand.
  boolean mailSent;
  int recipientsSent;
  boolean dataSent;
  boolean oldChunksSent;
  boolean chunkSent;

  /** Whether a chunk went out, the first of which has the trace header in front. */
  boolean traced;

  Transaction(Command.Hello hello, Command.Mail mail, long mailSlot) {
    super(hello, mail.requires());
    this.mail = mail;
    this.mailSlot = mailSlot;
  }

  /** Its MAIL command. */
  public Command.Mail mail() {
    return mail;
  }

  /** Every recipient that was asked for, in order. */
  public List<Recipient> recipients() {
    return Collections.unmodifiableList(recipients);
  }

  /** How many recipients the client was told are accepted. */
  public int accepted() {
    return accepted;
  }

  /** Octets of the body so far, its end and the stuffed dots included. */
  public long octets() {
    return octets;
  }

  /** Whether its client has given all of it. */
  public boolean isComplete() {
    return complete;
  }

  /** Whether the member at hand has all of it. */
  public boolean committed() {
    return committed;
  }

  /** Whether its client has logged in at the member that gets it. */
  public boolean isPinned() {
    return pinned;
  }

  /** Whether MAIL was refused: there is no transaction, and its client knows. */
  @Override
  boolean isRefused() {
    return mailReply != null && mailReply.severity() != 2;
  }

  @Override
  boolean isPromised() {
    return mailReply != null;
  }

  void add(Recipient recipient) {
    recipients.add(recipient);
    require(recipient.command().requires());
  }

  void told(Recipient recipient, boolean yes) {
    recipient.outcome(yes ? Recipient.Outcome.ACCEPTED : Recipient.Outcome.REFUSED);
    if (yes) {
      accepted++;
    }
  }

  @Override
  void rewind() {
    mailSent = false;
    recipientsSent = 0;
    dataSent = false;
    oldChunksSent = false;
    chunkSent = false;
    traced = false;
    committed = false;
  }

  /**
   * Whether a member could be given all that the client gave so far. A body that its client sends
   * although no recipient was accepted (RFC 2920 section 3.1) is for nobody.
   */
  @Override
  public boolean mayMove() {
    boolean forNobody = dataGranted && accepted == 0;
    return !pinned && !committed && !forNobody && (octets == 0 || replayable);
  }
}
