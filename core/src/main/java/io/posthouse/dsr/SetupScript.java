package io.posthouse.dsr;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** What sets servers up for direct server return, looks whether they are, and undoes it. */
public enum SetupScript {
  /** POSIX sh, for servers with Linux. */
  LINUX,
  /** PowerShell, for servers with Windows. */
  WINDOWS,
  /** Steps by hand, for Linux. */
  LINUX_BY_HAND,
  /** Steps by hand, for Windows. */
  WINDOWS_BY_HAND;

  /** What a script does when it is not told otherwise. */
  public enum Action {
    APPLY,
    VERIFY,
    UNDO
  }

  /** Its text; steps by hand for each virtual server by itself. */
  public String of(List<Behind> servers, Action action) {
    return switch (this) {
      case LINUX -> LinuxScript.of(SetupRow.of(servers), names(servers), action);
      case WINDOWS -> WindowsScript.of(SetupRow.of(servers), names(servers), action);
      case LINUX_BY_HAND, WINDOWS_BY_HAND -> byHand(servers, action);
    };
  }

  private String byHand(List<Behind> servers, Action action) {
    return servers.stream()
        .collect(Collectors.groupingBy(Behind::server, LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(its -> new HandSteps(SetupRow.of(its), names(its), action))
        .map(steps -> this == LINUX_BY_HAND ? steps.linux() : steps.windows())
        .collect(Collectors.joining("\n"));
  }

  /** Comments that say whose script it is; both languages begin them alike. */
  private static String names(List<Behind> servers) {
    return servers.stream()
        .map(each ->
            "#   %s (%s)".formatted(harmless(each.path()), harmless("" + each.member().address())))
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  /** A word of the file as a comment can have it, whatever the file may hold. */
  private static String harmless(String word) {
    return word.replaceAll("[^A-Za-z0-9._:/\\[\\]-]", "?");
  }
}
