package io.posthouse.irule;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile;
import io.posthouse.model.Configuration;
import io.posthouse.model.IpAddress;
import io.posthouse.model.VirtualServer;
import io.posthouse.policy.ClassTable;
import io.posthouse.policy.DataGroups;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random rules, run by a few lines here as BIG-IP would run them, for every client of a small
 * world; the configuration that is printed does the same with each.
 */
class SameAsTheRuleTest {
  private static final int ROUNDS = 3_000;
  private static final List<String> LISTS = List.of("a", "b", "c");
  private static final Pattern IN_GROUP = Pattern.compile("client\\.inGroup\\(\"([^\"]+)\"\\)");
  private static final Pattern CLASSES = Pattern.compile("client\\.class in \\[([^]]*)]");

  private final Random random = new Random(20_261_126);

  /** A part of a rule: its text, and what it does. */
  private record Part(String text, Step step) {}

  private record Condition(String text, Predicate<String> holds) {}

  /** What happens to a client so far. */
  private static final class Run {
    final String client;
    final Map<String, Set<String>> world;
    String snat = "automap";
    String pool = "";
    boolean refused;

    Run(String client, Map<String, Set<String>> world) {
      this.client = client;
      this.world = world;
    }
  }

  @FunctionalInterface
  private interface Step {
    /** Whether the rule goes on behind it. */
    boolean run(Run run);
  }

  @Test
  void aRuleAndItsConfigurationDoTheSameWithEveryClient() {
    int printed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, Set<String>> world = world();
      Part rule = block(3);
      String conf =
          conf(world)
              + "ltm rule /Common/r {\nwhen CLIENT_ACCEPTED {\n snat automap\n"
              + rule.text()
              + "}\n}\n";
      if (Rules.only(conf).conversion() instanceof Conversion.Same same) {
        printed++;
        compare(conf, String.join("\n", same.lines()), rule, world);
      }
    }
    assertThat(printed).isGreaterThan(ROUNDS / 20);
  }

  private static void compare(String conf, String yaml, Part rule, Map<String, Set<String>> world) {
    Configuration configuration = read(yaml);
    VirtualServer server = Objects.requireNonNull(configuration.virtualServers().get("MAIL"));
    DataGroups groups = DataGroups.of(configuration.dataGroups(), Map.of());
    ClassTable table = ClassTable.of(configuration, server, groups);
    for (int i = 1; i <= 8; i++) {
      Run run = new Run("10.0.0." + i, world);
      rule.step().run(run);
      String expected = run.refused ? "refused" : run.snat + " " + run.pool;
      assertThat(fate(run.client, configuration, table, groups))
          .as("%s\n%s\n%s", run.client, conf, yaml)
          .isEqualTo(expected);
    }
  }

  private static String fate(
      String client, Configuration configuration, ClassTable table, DataGroups groups) {
    InetAddress address = IpAddress.parse(client).orElseThrow();
    int index = table.match(address);
    if (index == ClassTable.NONE) {
      return "refused";
    }
    var its = table.classes().get(index);
    boolean closed =
        configuration.rules().values().stream()
            .anyMatch(rule -> fires(rule.when(), its.name(), address, groups));
    return closed ? "refused" : its.snat() + " " + (its.pool() == null ? "" : its.pool());
  }

  private static boolean fires(
      String when, String clientClass, InetAddress client, DataGroups groups) {
    Matcher classes = CLASSES.matcher(when);
    if (classes.find() && classes.group(1).contains("\"" + clientClass + "\"")) {
      return false;
    }
    return IN_GROUP
        .matcher(when)
        .results()
        .anyMatch(each -> groups.addresses(each.group(1)).contains(client));
  }

  private static Configuration read(String yaml) {
    Matcher classes = Pattern.compile("#   classes: (.*)").matcher(yaml);
    assertThat(classes.find()).isTrue();
    Matcher rules = Pattern.compile("#   rules: (.*)").matcher(yaml);
    String text =
        "version: 1\npools: { p1: { members: { m: 192.0.2.1:25 } }, p2: { members: { m: 192.0.2.2:25 } } }\nvirtual-servers: { MAIL: { listen: 127.0.0.1:25, pool: p1, classes: "
            + classes.group(1)
            + (rules.find() ? ", rules: " + rules.group(1) : "")
            + " } }\n"
            + yaml;
    if (ConfigFile.read("t.yaml", text) instanceof ConfigFile.Read read) {
      return read.configuration();
    }
    throw new AssertionError(ConfigFile.read("t.yaml", text).problems() + "\n" + text);
  }

  private Map<String, Set<String>> world() {
    Map<String, Set<String>> world = new LinkedHashMap<>();
    for (String list : LISTS) {
      Set<String> entries = new TreeSet<>();
      for (int i = 1; i <= 8; i++) {
        if (random.nextInt(3) == 0) {
          entries.add("10.0.0." + i);
        }
      }
      world.put(list, entries);
    }
    return world;
  }

  private static String conf(Map<String, Set<String>> world) {
    String lists =
        world.entrySet().stream()
            .map(each ->
                "ltm data-group internal /Common/%s {\n type ip\n records {\n%s }\n}\n"
                    .formatted(
                        each.getKey(),
                        each.getValue().stream()
                            .map(entry -> entry + "/32 { }\n")
                            .collect(Collectors.joining())))
            .collect(Collectors.joining());
    return lists + "ltm pool /Common/p1 { }\nltm pool /Common/p2 { }\n";
  }

  private Part block(int depth) {
    List<Part> parts = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      parts.add(random.nextInt(3) == 0 && depth > 0 ? branches(depth) : statement());
    }
    if (depth == 3) {
      parts.add(branches(depth));
    }
    String text = parts.stream().map(Part::text).collect(Collectors.joining("\n", "", "\n"));
    return new Part(text, run -> parts.stream().allMatch(each -> each.step().run(run)));
  }

  private Part statement() {
    String n = "" + (1 + random.nextInt(2));
    return switch (random.nextInt(8)) {
      case 0, 1, 2 ->
          new Part(
              "snat 192.0.2." + n,
              run -> {
                run.snat = "192.0.2." + n;
                return true;
              });
      case 3 ->
          new Part(
              "snat automap",
              run -> {
                run.snat = "automap";
                return true;
              });
      case 4, 5 ->
          new Part(
              "pool p" + n,
              run -> {
                run.pool = "p" + n;
                return true;
              });
      case 6 ->
          new Part(
              "reject",
              run -> {
                run.refused = true;
                return false;
              });
      default -> new Part("return", run -> false);
    };
  }

  private Part branches(int depth) {
    StringBuilder text = new StringBuilder();
    List<Condition> tests = new ArrayList<>();
    List<Part> bodies = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      tests.add(test(2));
      bodies.add(random.nextBoolean() ? statement() : block(depth - 1));
      text.append(text.isEmpty() ? "if {" : " elseif {")
          .append(tests.getLast().text())
          .append("} {\n")
          .append(bodies.getLast().text())
          .append("\n}");
    }
    if (random.nextBoolean()) {
      tests.add(new Condition("", client -> true));
      bodies.add(random.nextBoolean() ? statement() : block(depth - 1));
      text.append(depth % 2 == 0 ? " else {\n" : "\nelse\n{\n")
          .append(bodies.getLast().text())
          .append("\n}");
    }
    return new Part(
        text.toString(),
        run -> {
          for (int i = 0; i < tests.size(); i++) {
            if (tests.get(i).holds().test(key(run))) {
              return bodies.get(i).step().run(run);
            }
          }
          return true;
        });
  }

  /** The client and the lists that it is in, so that a test needs no more. */
  private static String key(Run run) {
    return run.world.entrySet().stream()
        .filter(each -> each.getValue().contains(run.client))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(" ", run.client + " ", ""));
  }

  private Condition test(int depth) {
    String list = LISTS.get(random.nextInt(LISTS.size()));
    int choice = random.nextInt(depth > 0 ? 9 : 4);
    if (choice < 3) {
      return new Condition(
          "[class match [IP::client_addr] equals " + list + "]",
          key -> key.endsWith(list) || key.contains(" " + list + " "));
    } else if (choice == 3) {
      String address = "10.0.0." + (1 + random.nextInt(8));
      return new Condition(
          "[IP::client_addr] equals \"" + address + "\"", key -> key.startsWith(address + " "));
    } else if (choice == 4) {
      Condition inner = test(0);
      String text =
          inner.text().contains(" equals \"") ? "!(" + inner.text() + ")" : "not " + inner.text();
      return new Condition(text, inner.holds().negate());
    }
    Condition one = test(depth - 1);
    Condition two = test(depth - 1);
    return choice < 7
        ? new Condition(one.text() + " || " + two.text(), one.holds().or(two.holds()))
        : new Condition(
            "(" + one.text() + ") && (" + two.text() + ")", one.holds().and(two.holds()));
  }
}
