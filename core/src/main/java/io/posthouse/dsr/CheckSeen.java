package io.posthouse.dsr;

import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the rules of the check have noted.
 *
 * @param left ports whose packets went out by the interface
 * @param back ports whose own packets came back
 * @param answers what came to a port
 */
public record CheckSeen(Set<Integer> left, Set<Integer> back, List<Answer> answers) {
  /** Nothing, as before the first packet. */
  public static final CheckSeen NOTHING = new CheckSeen(Set.of(), Set.of(), List.of());

  private static final int MOST = 16;
  private static final Pattern NOTES =
      Pattern.compile(
          "set (left|back|answer)[46] \\{[^{}]*?elements = \\{([^}]*)}", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("\\b(\\d{1,5})\\b");
  private static final Pattern ANSWER =
      Pattern.compile("(\\d{1,5}) \\. ([0-9a-f:]{17}) \\. ([0-9a-f.:]+)");

  /**
   * A packet to a port of the check.
   *
   * @param mac who sent the frame
   * @param source what it names as its sender
   */
  public record Answer(int port, String mac, InetAddress source) {}

  /** Reads the listing of the table. */
  public static CheckSeen of(String listing) {
    return new CheckSeen(
        ports(listing, "left"),
        ports(listing, "back"),
        elements(listing, "answer", ANSWER).flatMap(CheckSeen::answer).toList());
  }

  private static Set<Integer> ports(String listing, String set) {
    return elements(listing, set, NUMBER)
        .map(found -> Integer.valueOf(found.group(1)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<MatchResult> elements(String listing, String set, Pattern element) {
    return NOTES
        .matcher(listing)
        .results()
        .filter(found -> found.group(1).equals(set))
        .flatMap(found -> element.matcher(found.group(2)).results());
  }

  private static Stream<Answer> answer(MatchResult found) {
    Optional<InetAddress> source = IpAddress.parse(found.group(3));
    return source
        .map(address -> new Answer(Integer.parseInt(found.group(1)), found.group(2), address))
        .stream();
  }

  /** What came to a port; not all that anybody on the network may send. */
  List<Answer> answers(int port) {
    return answers.stream().filter(each -> each.port == port).limit(MOST).toList();
  }
}
