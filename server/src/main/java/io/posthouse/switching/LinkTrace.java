package io.posthouse.switching;

import io.posthouse.backend.BackendConnection;
import io.posthouse.door.Tracing.Direction;
import io.posthouse.model.Endpoint;
import io.posthouse.model.IpAddress;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.Parsed;
import io.posthouse.smtp.Printable;
import io.posthouse.smtp.Reply;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What one link tells whoever follows its client. Nothing that may be a password leaves it: neither
 * what stands behind AUTH, nor challenges and their answers, nor lines that are no commands, since
 * a client whose AUTH was refused may go on with its password.
 */
final class LinkTrace {
  private static final int MOST = 1_000;
  private static final int CHALLENGE = 334;

  private final Admission admission;
  private final ClientTraces traces;

  LinkTrace(Admission admission, ClientTraces traces) {
    this.admission = admission;
    this.traces = traces;
  }

  private boolean isOn() {
    return traces.isFollowed(admission.address());
  }

  /** The client said a line that came to this. */
  void heard(Parsed parsed, String line) {
    if (isOn()) {
      add(Direction.FROM_CLIENT, text(parsed, line));
    }
  }

  private static String text(Parsed parsed, String line) {
    return switch (parsed) {
      case Command command -> masked(command);
      case Parsed.Refused refused when refused.kind() == Parsed.Kind.SYNTAX && !isAuth(line) ->
          line;
      case Parsed.Refused _ -> "(%d octets that are no command)".formatted(line.length());
    };
  }

  private static String masked(Command command) {
    return command instanceof Command.Auth auth
        ? "AUTH " + auth.mechanism() + (auth.initialResponse().isEmpty() ? "" : " ****")
        : command.line();
  }

  private static boolean isAuth(String line) {
    return line.stripLeading().regionMatches(true, 0, "AUTH", 0, 4);
  }

  /** The client answered a challenge. */
  void answered() {
    if (isOn()) {
      add(Direction.FROM_CLIENT, "****");
      add(Direction.TO_MEMBER, "****");
    }
  }

  /** The client's body has ended. */
  void body(long octets) {
    if (isOn()) {
      add(Direction.FROM_CLIENT, "(a body of %d octets)".formatted(octets));
    }
  }

  /** The client is told. */
  void told(Reply reply) {
    reply(Direction.TO_CLIENT, reply);
  }

  /** A member is told. */
  void asked(Command command) {
    if (isOn()) {
      add(Direction.TO_MEMBER, masked(command));
    }
  }

  /** A member said. */
  void replied(Reply reply) {
    reply(Direction.FROM_MEMBER, reply);
  }

  /** The client's octets go through TLS from here on. */
  void secured() {
    note("TLS with the client");
  }

  /** A connection to a member was found. */
  void found(BackendConnection connection) {
    if (isOn()) {
      String member = connection.member().member().name();
      InetSocketAddress from = connection.channel().localAddress();
      add(
          Direction.NOTE,
          "member "
              + member
              + ", from "
              + new Endpoint(IpAddress.text(from.getAddress()), from.getPort()));
    }
  }

  /** The link is over; null: nobody says why. */
  void ended(@Nullable SmtpEnd end) {
    note(end == null ? "link ended" : "link ended: " + end.phrase());
  }

  private void note(String text) {
    if (isOn()) {
      add(Direction.NOTE, text);
    }
  }

  private void reply(Direction direction, Reply reply) {
    if (!isOn()) {
      return;
    } else if (reply.code() == CHALLENGE) {
      add(direction, CHALLENGE + " ****");
      return;
    }
    int last = reply.lines().size() - 1;
    for (int i = 0; i <= last; i++) {
      add(direction, reply.code() + (i < last ? "-" : " ") + reply.lines().get(i));
    }
  }

  private void add(Direction direction, String text) {
    String name = admission.identity().name();
    traces.add(admission.address(), name, direction, Printable.line(text, MOST));
  }
}
