package io.posthouse.audit;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Asks what runs whether it relays. Blocking; from any thread. */
public interface LiveAuditor {
  /** Whom nobody here should take mail for, when nobody names another. */
  String RECIPIENT = "relaytest@example.net";

  /**
   * For all questions to one target: a server that holds each refusal back for five seconds, as
   * Exchange does (TarpitInterval), answers all of them in that time.
   */
  Duration LONGEST = Duration.ofMinutes(5);

  /** A mailbox that can be hidden in others without quotes. */
  Pattern PLAIN = Pattern.compile("[\\w.+-]+@[\\w.-]+");

  /** Whom there is to ask, and what will not be. */
  Plan plan();

  /**
   * Asks one of them. An unchecked exception says why one cannot be asked: there is no such target,
   * or the recipient would be no stranger.
   *
   * @param recipient a mailbox at a domain that is nobody's here
   */
  Answers ask(String target, String recipient);

  /**
   * What a live audit comes to before anybody is asked.
   *
   * @param targets the names of all that can be asked, in order
   * @param notes what is not asked, and why; whole sentences for people
   */
  record Plan(List<String> targets, List<String> notes) {}

  /** What one said, and what that comes to. */
  record Answers(Audit audit, List<Tried> tried) {}
}
