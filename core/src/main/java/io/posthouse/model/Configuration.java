package io.posthouse.model;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration file, as one value.
 *
 * <p>Maps keep the order of the file. Smallest useful file: a pool with an address and a virtual
 * server with {@code listen} and {@code pool}.
 */
public record Configuration(
    @Key(value = "The version of this file's format", min = 1, max = 1) int version,
    @Key(
            value = "Our own name, as members and clients see it; the machine's name when absent",
            example = "mail.contoso.com")
        @Nullable String hostname,
    @Key(
            value =
                "A directory, relative to this file, for the administrator token and for states set at"
                    + " run time; when absent, this file's name with .state instead of .yaml",
            example = "/var/lib/posthouse")
        @Nullable String stateDirectory,
    @Key(value = "The REST API and metrics", fallback = "{}") Admin admin,
    @Key(value = "Where events are written and how", fallback = "{}") Log log,
    @Key(value = "Bounds of the whole process", fallback = "{}") Limits limits,
    @Key(value = "Findings of the audit that are meant", fallback = "{}") AuditSettings audit,
    @Key(value = "Lists of addresses and of domains", fallback = "{}")
        Map<String, DataGroup> dataGroups,
    @Key(value = "Addresses that connections to members leave from", fallback = "{}")
        Map<String, SnatPool> snatPools,
    @Key(value = "Who clients are and what they may do", fallback = "{}")
        Map<String, ClientClass> clientClasses,
    @Key(value = "Who is asked about names by edge checks", fallback = "{}") Dns dns,
    @Key(
            value =
                "What is looked at in clients before they may hand mail in; virtual servers name them",
            fallback = "{}")
        Map<String, EdgeChecks> edgeChecks,
    @Key(value = "What classes cannot say; virtual servers name them", fallback = "{}")
        Map<String, Rule> rules,
    @Key(value = "What a member's health is asked by; pools name them", fallback = "{}")
        Map<String, Monitor> monitors,
    @Key(value = "Members that carry the same mail", min = 1) Map<String, Pool> pools,
    @Key(value = "Addresses that clients connect to", min = 1)
        Map<String, VirtualServer> virtualServers) {

  /** The directory for token and run-time states of the file at {@code file}. */
  public Path stateDirectory(Path file) {
    return stateDirectory(file, stateDirectory);
  }

  /** The same, for a file of which only this key is known. */
  public static Path stateDirectory(Path file, @Nullable String key) {
    Path absolute = file.toAbsolutePath().normalize();
    String name = String.valueOf(absolute.getFileName());
    String own = key == null ? name.replaceFirst("\\.ya?ml$", "") + ".state" : key;
    return absolute.resolveSibling(own).normalize();
  }

  /**
   * Whether clients and members will see a name of ours that this file does not give, so that the
   * machine's own must be one that can be shown.
   */
  public boolean needsHostname() {
    return hostname == null
        && virtualServers.values().stream()
            .anyMatch(server -> server.mode() == VirtualServer.Mode.SMTP);
  }

  /** The names of a virtual server's pools: its own, those of its client classes and its rules. */
  public Set<String> poolsOf(VirtualServer server) {
    Set<String> names = new LinkedHashSet<>(Set.of(server.pool()));
    for (String each : classesOf(server)) {
      ClientClass of = clientClasses.get(each);
      if (of != null && of.pool() != null) {
        names.add(of.pool());
      }
    }
    for (Rule rule : rulesOf(server)) {
      if (rule.then().pool() != null) {
        names.add(rule.then().pool());
      }
    }
    return names;
  }

  /** The names of the classes that its clients may be of: its own, and those that rules choose. */
  public Set<String> classesOf(VirtualServer server) {
    Set<String> names =
        new LinkedHashSet<>(Objects.requireNonNullElse(server.classes(), List.of()));
    for (Rule rule : rulesOf(server)) {
      if (rule.then().clientClass() != null) {
        names.add(rule.then().clientClass());
      }
    }
    return names;
  }

  /** The rules of a virtual server that there are, in its order. */
  public List<Rule> rulesOf(VirtualServer server) {
    return server.rules().stream().map(rules::get).filter(Objects::nonNull).toList();
  }

  /** The same configuration with other pools. */
  public Configuration withPools(Map<String, Pool> others) {
    return new Configuration(
        version,
        hostname,
        stateDirectory,
        admin,
        log,
        limits,
        audit,
        dataGroups,
        snatPools,
        clientClasses,
        dns,
        edgeChecks,
        rules,
        monitors,
        others,
        virtualServers);
  }
}
