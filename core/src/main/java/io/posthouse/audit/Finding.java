package io.posthouse.audit;

import io.posthouse.model.FindingKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that somebody should change, or accept with a reason.
 *
 * <p>The texts are whole sentences for people. Names of the file are in them as they were written,
 * so whoever shows them escapes controls.
 *
 * @param kind what it is; with the subject, its name in {@code audit.accept}
 * @param subject what it is about, such as the name of a virtual server, class or pool
 * @param key where the change is made, a key of the file such as {@code client-classes.relay.snat};
 *     empty for no place in the file
 * @param line the line of that key; 0 when it is not known, or the file is silent there
 * @param problem what is wrong
 * @param harm what an attacker gets, or what goes wrong
 * @param remedy the one change to make
 * @param commands what to run on the members, here for Exchange; most often nothing
 * @param accepted the reason why it is meant; null when nobody has said so
 */
public record Finding(
    FindingKind kind,
    Severity severity,
    String subject,
    String key,
    int line,
    String problem,
    String harm,
    String remedy,
    List<String> commands,
    @Nullable String accepted) {

  /** Copies the commands. */
  public Finding {
    commands = List.copyOf(commands);
  }

  /** One that has no commands, whose line nobody has looked up, and that nobody has accepted. */
  public static Finding of(
      FindingKind kind,
      Severity severity,
      String subject,
      String key,
      String problem,
      String harm,
      String remedy) {
    return new Finding(kind, severity, subject, key, 0, problem, harm, remedy, List.of(), null);
  }

  /** What it is about at large. */
  public Heading heading() {
    return Heading.of(kind);
  }

  /** The same with commands to run. */
  public Finding withCommands(List<String> others) {
    return new Finding(kind, severity, subject, key, line, problem, harm, remedy, others, accepted);
  }

  /** The same at a line of the file. */
  public Finding atLine(int other) {
    return new Finding(
        kind, severity, subject, key, other, problem, harm, remedy, commands, accepted);
  }

  /** The same, and meant. */
  public Finding accepted(String reason) {
    return new Finding(kind, severity, subject, key, line, problem, harm, remedy, commands, reason);
  }
}
