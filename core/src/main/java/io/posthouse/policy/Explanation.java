package io.posthouse.policy;

import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer;
import io.posthouse.model.VirtualServer.Mode;
import io.posthouse.persist.ClientKey;
import io.posthouse.smtp.Path;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says of a client on one virtual server: the class that lets it in, by which
 * entry of which list, and what follows. Pure: nothing that runs is asked.
 *
 * @param missed the classes that were looked at before and do not have the client
 * @param admission null when no class has the client: it is refused
 * @param believed whether the client's word about others is taken
 */
public record Explanation(
    VirtualServer server,
    List<ClientClass> missed,
    @Nullable Admission admission,
    Believing believed) {

  /** Copies the list. */
  public Explanation {
    missed = List.copyOf(missed);
  }

  /**
   * The class that a client is of.
   *
   * @param group the data group that has the client; {@code any} for every address
   * @param entry the narrowest entry of it; null where every address is meant
   * @param pool the pool that its work goes to
   * @param sources the source addresses that members of each family see
   * @param relay whether it may send to the recipient; null when none was asked about
   */
  public record Admission(
      ClientClass settings,
      String group,
      @Nullable Entry entry,
      Pool pool,
      Sources sources,
      @Nullable RelayVerdict relay) {}

  /**
   * The source addresses of one client.
   *
   * @param ipv4 towards members with IPv4; null for the kernel's choice, or for none
   * @param ipv6 towards members with IPv6; null likewise
   */
  public record Sources(Source by, @Nullable InetAddress ipv4, @Nullable InetAddress ipv6) {
    static Sources of(Source by, InetAddress client) {
      return new Sources(by, pick(by, client, false), pick(by, client, true));
    }

    private static @Nullable InetAddress pick(Source by, InetAddress client, boolean ipv6) {
      long hash = ClientKey.of(client, 32, 64).hash();
      return by.reaches(client, ipv6) ? by.pick(client, hash, ipv6) : null;
    }
  }

  /**
   * Whether a peer's word about clients is taken.
   *
   * @param proxyExpected whether each link must begin with a header of the PROXY protocol
   * @param proxy whether a header of this peer is believed
   * @param xclient whether XCLIENT of this peer is believed
   */
  public record Believing(boolean proxyExpected, boolean proxy, boolean xclient) {}

  /**
   * Explains.
   *
   * @param recipient a forward path without its angle brackets; null for none
   */
  public static Explanation of(
      Configuration configuration,
      DataGroups groups,
      VirtualServer server,
      InetAddress client,
      @Nullable String recipient) {
    ClassTable table = ClassTable.of(configuration, server, groups);
    Believed believed = Believed.of(server, groups);
    int index = table.match(client);
    List<ClientClass> classes = table.classes();
    return new Explanation(
        server,
        classes.subList(0, index == ClassTable.NONE ? classes.size() : index),
        index == ClassTable.NONE
            ? null
            : new Asked(configuration, groups, server, client, recipient).by(classes.get(index)),
        new Believing(believed.expectsProxy(), believed.proxy(client), believed.xclient(client)));
  }

  /** What a client is explained by. */
  private record Asked(
      Configuration configuration,
      DataGroups groups,
      VirtualServer server,
      InetAddress client,
      @Nullable String recipient) {

    private Admission by(ClientClass of) {
      String group = group(of, groups, client);
      return as(
          of, group, group.equals(ClientClass.ANY) ? null : groups.addresses(group).entry(client));
    }

    private Admission as(ClientClass of, String group, @Nullable Entry entry) {
      Pool pool = configuration.pools().get(of.pool() == null ? server.pool() : of.pool());
      if (pool == null) {
        throw new AssertionError("unchecked pool of " + of.name());
      }
      return new Admission(
          of,
          group,
          entry,
          pool,
          Sources.of(Source.of(of.snat(), configuration.snatPools()), client),
          recipient == null ? null : verdict(server, of, groups, recipient));
    }
  }

  /**
   * What a client that is let in is served with when rules choose.
   *
   * @param settings what it is treated as
   * @param recipient a forward path without its angle brackets; null for none
   */
  public Admission servedAs(
      ClientClass settings,
      Configuration configuration,
      DataGroups groups,
      InetAddress client,
      @Nullable String recipient) {
    Admission its = admission;
    if (its == null) {
      throw new IllegalStateException("a client of no class");
    }
    return new Asked(configuration, groups, server, client, recipient)
        .as(settings, its.group(), its.entry());
  }

  private static RelayVerdict verdict(
      VirtualServer server, ClientClass of, DataGroups groups, String recipient) {
    Path path = Path.parse(recipient);
    return server.mode() == Mode.TCP || path == null
        ? RelayVerdict.membersDecide(RelayVerdict.Ground.UNREAD)
        : RelayGuard.of(of, groups).judge(path, false);
  }

  /** The first of its groups that has the client, which one does. */
  private static String group(ClientClass of, DataGroups groups, InetAddress client) {
    return of.from().contains(ClientClass.ANY)
        ? ClientClass.ANY
        : of.from().stream()
            .filter(name -> groups.addresses(name).contains(client))
            .findFirst()
            .orElseThrow();
  }
}
