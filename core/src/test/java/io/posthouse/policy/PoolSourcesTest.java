package io.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolSourcesTest {
  private static final String FILE =
      """
      version: 1
      data-groups:
        some: [10.0.0.0/8]
      snat-pools:
        outside: [172.16.51.175, "2001:db8::175", 172.16.51.176]
      client-classes:
        relay:   { from: [some], relay: any, snat: 172.16.51.174, pool: smart }
        gateway: { from: [some], relay: any, snat: outside }
        own:     { from: [some], relay: any, snat: none }
        plain:   { from: [any], relay: server }
      pools:
        hub:   { members: { a: "10.1.1.21:25" } }
        smart: { members: { a: "10.1.1.22:25" } }
        open:  { members: { a: "10.1.1.23:25" } }
        idle:  { members: { a: "10.1.1.24:25" } }
      virtual-servers:
        A: { listen: "127.0.0.1:25", pool: hub, classes: [relay, gateway] }
        B: { listen: "127.0.0.1:26", pool: hub, mode: tcp, classes: [gateway, own] }
        C: { listen: "127.0.0.1:27", pool: open }
        D: { listen: "127.0.0.1:28", pool: smart, classes: [plain] }
      """;

  private static PoolSources of(String pool) {
    ConfigFile.Result result = ConfigFile.read("posthouse.yaml", FILE);
    if (!(result instanceof ConfigFile.Read read)) {
      throw new AssertionError(result);
    }
    PoolSources sources = PoolSources.of(read.configuration()).get(pool);
    if (sources == null) {
      throw new AssertionError("no pool " + pool);
    }
    return sources;
  }

  private static List<String> words(List<ProbeSource> sources) {
    return sources.stream().map(ProbeSource::toString).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "hub, 172.16.51.175 172.16.51.176 2001:db8::175 automap",
    "smart, 172.16.51.174 automap",
    "open, automap",
    "idle, automap",
  })
  void areThoseOfTheClassesWhoseLinksReachThePool(String pool, String sources) {
    assertThat(words(of(pool).all())).containsExactly(sources.split(" "));
  }

  @Test
  void towardsAMemberAreThoseOfItsFamily() {
    PoolSources hub = of("hub");
    assertThat(words(hub.towards("10.1.1.21")))
        .containsExactly("172.16.51.175", "172.16.51.176", "automap");
    assertThat(words(hub.towards("2001:db8::25"))).containsExactly("2001:db8::175", "automap");
    assertThat(hub.towards("ex1.contoso.com")).isEqualTo(hub.all());
  }

  @Test
  void aMemberThatNoneReachesIsAskedByTheKernelsChoice() {
    PoolSources ipv4 = new PoolSources(List.of(of("smart").all().getFirst()));
    assertThat(words(ipv4.towards("10.1.1.21"))).containsExactly("172.16.51.174");
    assertThat(ipv4.towards("2001:db8::25")).containsExactly(ProbeSource.AUTOMAP);
  }
}
