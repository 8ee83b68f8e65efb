package io.posthouse.config;

import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.rules.RuleEngine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a configuration file into a {@link Configuration}, or says all that is wrong
 * with it.
 *
 * <p>Three steps, each telling every problem it finds: {@link YamlReader} makes a tree that knows
 * where everything stands, {@link RecordBinder} makes the records of it, and {@link References} and
 * its neighbours check what no single key can know. Nothing is looked up and no file is opened;
 * what the machine has, {@link ThisMachine} is asked, where it is handed in.
 */
public final class ConfigFile {
  private static final Pattern ELSEWHERE =
      Pattern.compile(
          "(log|limits|audit|data-groups|snat-pools|client-classes|dns|edge-checks|rules|monitors|pools"
              + "|virtual-servers)(\\..*)?");

  private ConfigFile() {}

  /** Which ports may be listened on. */
  public enum Ports {
    /** 1 to 65535, as an administrator writes them. */
    FIXED,
    /** 0 too, a free port chosen by the system: for tests and demonstrations. */
    ANY
  }

  /** What reading a file came to. */
  public sealed interface Result {
    /** The problems, in the order of the file: of a file that is read, its warnings. */
    List<Problem> problems();
  }

  /**
   * The file can be used.
   *
   * @param lines where its keys stand
   */
  public record Read(Configuration configuration, List<Problem> warnings, Lines lines)
      implements Result {
    @Override
    public List<Problem> problems() {
      return warnings;
    }
  }

  /**
   * The file cannot be used; at least one of the problems is an error.
   *
   * @param whereabouts where the Posthouse is that runs with an older version of this file; null
   *     when the file cannot tell
   */
  public record Refused(List<Problem> problems, @Nullable Whereabouts whereabouts)
      implements Result {}

  /**
   * All that commands need of a file to reach the Posthouse that runs with it.
   *
   * @param admin where its API answers
   * @param stateDirectory the key of that name
   */
  public record Whereabouts(Endpoint admin, @Nullable String stateDirectory) {}

  /**
   * Reads a file.
   *
   * @param name the file's name, for messages
   * @param text the file's whole text
   */
  public static Result read(String name, String text) {
    return read(name, text, Ports.FIXED);
  }

  /**
   * Reads a file, with a say in which ports may be listened on.
   *
   * @param name the file's name, for messages
   * @param text the file's whole text
   */
  public static Result read(String name, String text, Ports ports) {
    return read(name, text, ports, null);
  }

  /**
   * Reads a file for the machine that it is to be used on.
   *
   * @param name the file's name, for messages
   * @param text the file's whole text
   * @param machine null where that is another one
   */
  public static Result read(String name, String text, Ports ports, @Nullable ThisMachine machine) {
    Problems problems = new Problems(name);
    Optional<Yaml> root = YamlReader.read(text, problems);
    if (root.isEmpty()) {
      return new Refused(problems.inOrder(), null);
    }
    Places places = new Places();
    Configuration draft = new RecordBinder(problems, places).bind(Configuration.class, root.get());
    check(new Draft(draft, places, problems), text, ports, machine);
    return problems.hasErrors()
        ? new Refused(problems.inOrder(), whereabouts(draft, problems.inOrder()))
        : new Read(draft, problems.inOrder(), new Lines(places));
  }

  /**
   * Only when every error lies within blocks that have no say in it: one at the top may be a typo.
   */
  private static @Nullable Whereabouts whereabouts(Configuration draft, List<Problem> problems) {
    boolean elsewhere =
        problems.stream()
            .filter(problem -> problem.severity() == Problem.Severity.ERROR)
            .allMatch(problem -> ELSEWHERE.matcher(problem.path()).matches());
    return elsewhere ? new Whereabouts(draft.admin().listen(), draft.stateDirectory()) : null;
  }

  private static void check(Draft draft, String text, Ports ports, @Nullable ThisMachine machine) {
    Map<String, RuleEngine.Reading> conditions = RuleChecks.read(draft);
    References.check(draft, conditions);
    RuleChecks.check(draft, conditions, text);
    GroupChecks.check(draft);
    ClassChecks.check(draft);
    AddressChecks.check(draft, ports);
    ModeChecks.check(draft);
    EdgeSettings.check(draft);
    MonitorChecks.check(draft);
    ServerTlsChecks.check(draft);
    MemberTlsChecks.check(draft);
    AuditChecks.check(draft);
    if (machine != null) {
      SourceChecks.check(draft, machine);
      DsrChecks.machine(draft, machine);
    }
  }
}
