package io.posthouse.smtp.session;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a client link stands. */
public enum ClientState {
  /** TLS is being started: nothing is said in plain any more. */
  HANDSHAKE,
  /** No transaction: MAIL may come. */
  READY,
  /** AUTH was given, and is not answered for good yet. */
  AUTH,
  /** MAIL was given: recipients, and then the body, may come. Between chunks too. */
  ENVELOPE,
  /** DATA was given and not answered yet. */
  DATA_REQUESTED,
  /** Octets of the body, or of a chunk, go to the member. */
  BODY,
  /** Octets of a body that has failed are thrown away. */
  DISCARD,
  /** The body is complete and its last reply awaited. */
  FINAL_REPLY,
  /** The transaction has failed, and not by the client's fault: 451 until it begins anew. */
  DOOMED,
  /** Nothing is taken from or told to the client any more. */
  CLOSED;

  private static final Map<ClientState, Set<ClientState>> SUCCESSORS =
      new EnumMap<>(
          Map.of(
              HANDSHAKE, EnumSet.of(READY, CLOSED),
              READY, EnumSet.of(HANDSHAKE, AUTH, ENVELOPE, CLOSED),
              AUTH, EnumSet.of(READY, CLOSED),
              ENVELOPE, EnumSet.of(READY, DATA_REQUESTED, BODY, FINAL_REPLY, DOOMED, CLOSED),
              DATA_REQUESTED, EnumSet.of(READY, ENVELOPE, BODY, DOOMED, CLOSED),
              BODY, EnumSet.of(READY, ENVELOPE, DISCARD, FINAL_REPLY, DOOMED, CLOSED),
              DISCARD, EnumSet.of(READY, CLOSED),
              FINAL_REPLY, EnumSet.of(READY, CLOSED),
              DOOMED, EnumSet.of(READY, ENVELOPE, CLOSED),
              CLOSED, EnumSet.noneOf(ClientState.class)));

  /** Whether the machine may go from here to there. */
  boolean mayBecome(ClientState next) {
    return SUCCESSORS.getOrDefault(this, Set.of()).contains(next);
  }
}
