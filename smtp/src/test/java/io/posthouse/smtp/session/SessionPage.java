package io.posthouse.smtp.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The made part of {@code docs/session.md}: what the machine does, asked of the machine itself. */
final class SessionPage {
  private static final String GOOD = "the answer hoped for";
  private static final String LOST = "the member is lost";
  private static final String NONE = "no member";

  private static final List<String> READY = List.of("EHLO c.example");
  private static final List<String> SEARCHED = with(READY, "MAIL FROM:<a@x>");
  private static final List<String> GREETING = with(SEARCHED, "a new connection");
  private static final List<String> HELLO = with(GREETING, GOOD);
  private static final List<String> MAIL = with(HELLO, GOOD);
  private static final List<String> MAIL_TAKEN = with(MAIL, GOOD);
  private static final List<String> RCPT = with(MAIL_TAKEN, "RCPT TO:<b@y>");
  private static final List<String> RCPT_TAKEN = with(RCPT, GOOD);
  private static final List<String> DATA = with(RCPT_TAKEN, "DATA");
  private static final List<String> BODY = with(DATA, GOOD, "octets of a body");
  private static final List<String> LONG_BODY = with(BODY, "the replay buffer is full");
  private static final List<String> ENDED = with(BODY, "end of data");
  private static final List<String> COMMITTED = with(ENDED, "all of it is with the kernel");
  private static final List<String> CHUNK = with(RCPT_TAKEN, "BDAT 5", "octets of a chunk");
  private static final List<String> CHUNK_SENT = with(CHUNK, "rest of a chunk");
  private static final List<String> CHUNKS = with(CHUNK_SENT, GOOD);
  private static final List<String> OLD_CHUNKS =
      with(CHUNKS, LOST, "BDAT 5 LAST", "a new connection", GOOD, GOOD, GOOD, GOOD);

  private static final List<String> STARTTLS =
      with(SEARCHED, "a new connection (TLS required)", GOOD, GOOD);
  private static final List<String> MEMBER_HANDSHAKE = with(STARTTLS, GOOD);
  private static final List<String> XCLIENT =
      with(SEARCHED, "a new connection (XCLIENT)", GOOD, GOOD);
  private static final List<String> AUTH =
      with(READY, "AUTH PLAIN", "a new connection", GOOD, GOOD);
  private static final List<String> CHALLENGED = with(AUTH, "334");
  private static final List<String> LOGGED_IN = with(AUTH, GOOD);

  /** Where a session may stand, and how it gets there. */
  private record Situation(String title, List<String> way) {}

  private static final List<Situation> OF_CLIENTS =
      List.of(
          new Situation("READY, before EHLO or HELO", List.of()),
          new Situation("READY", READY),
          new Situation("HANDSHAKE, after the answer to STARTTLS", with(READY, "STARTTLS")),
          new Situation("AUTH, a challenge of the member is to be answered", CHALLENGED),
          new Situation("READY, logged in", LOGGED_IN),
          new Situation("ENVELOPE, MAIL was accepted", MAIL_TAKEN),
          new Situation("ENVELOPE, a recipient was accepted", RCPT_TAKEN),
          new Situation("ENVELOPE, a chunk was accepted", CHUNKS),
          new Situation("DATA_REQUESTED, the member has not answered DATA", DATA),
          new Situation("BODY, after 354", BODY),
          new Situation("BODY, in a chunk", CHUNK),
          new Situation("DISCARD, the rest of a body that has failed", with(LONG_BODY, LOST)),
          new Situation("FINAL_REPLY, the whole message was given", COMMITTED),
          new Situation("DOOMED, the transaction has failed", with(SEARCHED, NONE)));

  private static final List<Situation> OF_MEMBERS =
      List.of(
          new Situation("Nobody yet: a member is looked for", SEARCHED),
          new Situation("A new connection owes its greeting", GREETING),
          new Situation("The member owes the answer to EHLO", HELLO),
          new Situation("The member owes the answer to STARTTLS", STARTTLS),
          new Situation("The handshake with the member", MEMBER_HANDSHAKE),
          new Situation("The member owes the answer to XCLIENT", XCLIENT),
          new Situation("The member owes the answer to AUTH", AUTH),
          new Situation("The member waits for the answer to its challenge", CHALLENGED),
          new Situation("The client is logged in at the member, and has no message", LOGGED_IN),
          new Situation("The member owes the answer to MAIL", MAIL),
          new Situation(
              "The same on a kept connection that has said nothing yet",
              with(SEARCHED, "a kept connection")),
          new Situation(
              "A kept connection that knew another client owes the answer to EHLO",
              with(SEARCHED, "a kept connection (another name)")),
          new Situation("The member owes the answer to RCPT", RCPT),
          new Situation(
              "The member owes nothing: the client's next command is waited for", RCPT_TAKEN),
          new Situation("The member owes the answer to DATA", DATA),
          new Situation("The member gets the body", BODY),
          new Situation("The member gets a body that is longer than the replay buffer", LONG_BODY),
          new Situation("The member owes the answer to a chunk", CHUNK_SENT),
          new Situation("The member owes the answer to earlier chunks, sent again", OLD_CHUNKS),
          new Situation("The member owes the last answer; not all is with the kernel yet", ENDED),
          new Situation("The member owes the last answer and has the message", COMMITTED));

  private final StringBuilder out = new StringBuilder();

  private SessionPage() {}

  /** The tables, ending in a line feed. */
  static String text() {
    SessionPage page = new SessionPage();
    page.out.append("## When a member fails\n");
    page.failures();
    page.deadlines();
    page.out.append("\n## What the client does\n\n### Whenever a command is taken\n\n");
    List<Situation> withCommands = OF_CLIENTS.stream().filter(SessionPage::takesCommands).toList();
    List<Happening> everywhere =
        Happening.ofTheClient().stream().filter(event -> isSame(withCommands, event)).toList();
    page.table(withCommands.getFirst(), everywhere);
    List<Happening> others = new ArrayList<>(Happening.ofTheClient());
    others.removeIf(event -> everywhere.stream().anyMatch(e -> e.name().equals(event.name())));
    OF_CLIENTS.forEach(each -> page.section(each, others));
    page.out.append("\n## What the member does\n");
    OF_MEMBERS.forEach(each -> page.section(each, Happening.ofMembers()));
    return page.out.toString();
  }

  private static boolean takesCommands(Situation situation) {
    return at(situation.way()).link.input() == ClientInput.COMMAND;
  }

  private static boolean isSame(List<Situation> situations, Happening event) {
    return event.possible().test(at(situations.getFirst().way()))
        && situations.stream().map(each -> outcome(each.way(), event)).distinct().count() == 1;
  }

  private void section(Situation situation, List<Happening> events) {
    out.append("\n### ").append(situation.title()).append("\n\n");
    table(situation, events);
  }

  private void table(Situation situation, List<Happening> events) {
    out.append("| what happens | the client hears | the member | then |\n|---|---|---|---|\n");
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (Happening event : events) {
      if (event.possible().test(at(situation.way()))) {
        rows.computeIfAbsent(outcome(situation.way(), event), _ -> new ArrayList<>())
            .add(title(event));
      }
    }
    rows.forEach((outcome, titles) ->
        out.append("| ").append(String.join(", ", titles)).append(" | ").append(outcome));
  }

  /** One cell for each step and failure. */
  private void failures() {
    Map<String, List<String>> steps = new LinkedHashMap<>();
    steps.put("greeting", GREETING);
    steps.put("EHLO", HELLO);
    steps.put("STARTTLS", STARTTLS);
    steps.put("XCLIENT", XCLIENT);
    steps.put("AUTH", AUTH);
    steps.put("MAIL", MAIL);
    steps.put("RCPT", RCPT);
    steps.put("DATA", DATA);
    steps.put("body", BODY);
    steps.put("body beyond the buffer", LONG_BODY);
    steps.put("the dot, before the member has all", ENDED);
    steps.put("the dot, when it has", COMMITTED);
    out.append("\n| |").append(String.join("|", steps.keySet())).append("|\n");
    out.append("|---".repeat(steps.size() + 1)).append("|\n");
    for (String failure :
        List.of(
            LOST, "the member is too slow", "nonsense", "452 4.3.1", "421 4.7.0", "451", "550")) {
      out.append("| ").append(failure).append(" |");
      steps.values().forEach(way -> out.append(' ').append(cell(way, failure)).append(" |"));
      out.append('\n');
    }
  }

  private static String cell(List<String> way, String failure) {
    WatchedSession session = at(way);
    session.take();
    Happening.named(failure).act().accept(session);
    if (session.isSearching()) {
      return "another";
    }
    boolean later = session.link.state() == ClientState.DISCARD;
    if (later) {
      session.endOfData();
    }
    List<String> effects = session.take();
    if (effects.contains(">> HELO c.example")) {
      return "HELO";
    }
    String heard = heard(session, effects);
    heard = heard.startsWith("the member's") ? "its words" : heard.substring(1, 4);
    return later ? heard + " after the body" : heard;
  }

  private static String outcome(List<String> way, Happening event) {
    WatchedSession session = at(way);
    ClientState before = session.link.state();
    int waiting = session.waiting();
    session.take();
    event.act().accept(session);
    List<String> effects = session.take();
    String heard = heard(session, effects);
    if (heard.isEmpty() && session.waiting() > waiting && session.isClientThere()) {
      heard = "the answer in its turn";
    }
    if (effects.contains("-- acquire ANOTHER") || effects.contains("-- acquire SAME_FRESH")) {
      session.unavailable(451);
      String last = heard(session, session.take());
      heard = "nothing; if nobody takes it: " + (last.isEmpty() ? "451 after the body" : last);
      return "%s | %s | as before |%n".formatted(heard, member(effects));
    }
    return "%s | %s | %s |%n"
        .formatted(heard.isEmpty() ? "nothing" : heard, member(effects), then(session, before));
  }

  private static String heard(WatchedSession session, List<String> effects) {
    List<String> heard = new ArrayList<>();
    for (String effect : effects) {
      if (effect.startsWith("S: ")) {
        String line = effect.substring(3);
        heard.add(spoken(session, line));
      }
    }
    return String.join(", ", heard);
  }

  private static String spoken(WatchedSession session, String line) {
    if (session.isAMembersWord(line.substring(4))) {
      return "the member's " + line.substring(0, 3);
    }
    return line.startsWith("250 mx.example ")
        ? "`250 mx.example` and what is offered"
        : "`" + line + "`";
  }

  private static String member(List<String> effects) {
    List<String> told = new ArrayList<>();
    for (String effect : effects) {
      switch (effect) {
        case "-- acquire FIRST" -> told.add("one is chosen");
        case "-- acquire PINNED" -> told.add("the one it is logged in at");
        case "-- TLS with the member" -> told.add("TLS");
        case ">> the answer" -> told.add("the answer");
        case "-- acquire ANOTHER" -> told.add("another one is looked for");
        case "-- acquire SAME_FRESH" -> told.add("the same one, by a new connection");
        case "-- release KEEP" -> told.add("kept for the next message");
        case "-- release RESET" -> told.add("RSET, then kept");
        case "-- release CLOSE" -> told.add("given up");
        case "-- replay" -> told.add("what it missed of the body");
        default -> {
          if (effect.startsWith(">> ")) {
            told.add("`" + effect.substring(3) + "`");
          }
        }
      }
    }
    return told.isEmpty() ? "-" : String.join(", ", told);
  }

  private static String then(WatchedSession session, ClientState before) {
    ClientState state = session.link.state();
    if (state == ClientState.CLOSED) {
      return "closed";
    }
    return state == before ? "as before" : state.name();
  }

  private static String title(Happening event) {
    String name = event.name();
    if (name.endsWith("SIZE=2000")) {
      return "MAIL with a SIZE beyond the limit";
    }
    String verb = name.replaceFirst(" .*", "");
    return switch (verb) {
      case "EHLO", "HELO", "MAIL", "RCPT", "VRFY", "EXPN", "AUTH", "XCLIENT" -> verb;
      case "BOGUS" -> "an unknown command";
      default -> name;
    };
  }

  private void deadlines() {
    out.append("\n## Deadlines\n\n");
    out.append("| phase | for the last member that can be asked | while another could take it |\n");
    out.append("|---|---|---|\n");
    for (Phase phase : Phase.values()) {
      if (phase != Phase.COMMAND) {
        String name = phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        out.append(
            "| %s | %d s | %d s |%n".formatted(name, phase.seconds(), phase.hurriedSeconds()));
      }
    }
  }

  private static WatchedSession at(List<String> way) {
    WatchedSession session = new WatchedSession();
    way.forEach(name -> Happening.named(name).act().accept(session));
    return session;
  }

  private static List<String> with(List<String> way, String... more) {
    List<String> longer = new ArrayList<>(way);
    longer.addAll(List.of(more));
    return List.copyOf(longer);
  }
}
