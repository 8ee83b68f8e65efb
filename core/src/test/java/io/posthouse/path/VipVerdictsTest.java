package io.posthouse.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile;
import io.posthouse.model.Endpoint;
import io.posthouse.model.VirtualServer;
import io.posthouse.path.PathFinding.Kind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of a virtual server's addresses. */
class VipVerdictsTest {
  private static final Endpoint LISTEN = new Endpoint("172.16.51.174", 25);
  private static final Whereabouts HERE = new Whereabouts(true, "eth0", true);

  private static VirtualServer server(String whenDown) {
    String text =
        """
        version: 1
        hostname: lb.example.net
        pools: { hub: { members: { ex1: 10.1.1.21:25 } } }
        virtual-servers: { MAIL: { listen: 172.16.51.174:25, pool: hub, when-down: %s } }
        """
            .formatted(whenDown);
    return ((ConfigFile.Read) ConfigFile.read("t.yaml", text))
        .configuration()
        .virtualServers()
        .values()
        .iterator()
        .next();
  }

  private static List<PathFinding> of(
      Whereabouts at, @Nullable Endpoint bound, @Nullable Attempt attempt) {
    return VipVerdicts.of(server("tempfail"), List.of(new Vip(LISTEN, bound, at, attempt)));
  }

  private static Attempt ended(End end) {
    return Attempt.of(end, Duration.ofMillis(1), "what was said");
  }

  @Test
  void oneThatTakesAConnectionIsWell() {
    assertThat(of(HERE, LISTEN, ended(End.CONNECTED))).isEmpty();
    assertThat(of(HERE, LISTEN, ended(End.RESET))).as("whoever resets has taken it").isEmpty();
  }

  @Test
  void anAddressThatIsElsewhereIsTheFirstReason() {
    Whereabouts elsewhere = new Whereabouts(false, "", true);

    PathFinding unbound = of(elsewhere, null, null).getFirst();
    assertThat(unbound.kind()).isEqualTo(Kind.VIP_ELSEWHERE);
    assertThat(unbound.problem()).contains("172.16.51.174 is not an address of this machine");
    // Whoever has it may well have answered.
    PathFinding bound = of(elsewhere, LISTEN, ended(End.CONNECTED)).getFirst();
    assertThat(bound.kind()).isEqualTo(Kind.VIP_ELSEWHERE);
    assertThat(bound.problem()).contains("It listens, but", "ip_nonlocal_bind");
  }

  @Test
  void anInterfaceThatIsDownIsNamed() {
    PathFinding down =
        of(new Whereabouts(true, "eth1", false), LISTEN, ended(End.CONNECTED)).getFirst();

    assertThat(down.kind()).isEqualTo(Kind.VIP_DOWN);
    assertThat(down.problem()).contains("eth1, which is down");
  }

  @Test
  void oneThatDoesNotListenSaysWhatTo() {
    assertThat(of(HERE, null, null).getFirst().kind()).isEqualTo(Kind.NOT_LISTENING);
    assertThat(of(HERE, null, null).getFirst().remedy()).contains("Another program has the port");
    assertThat(
            VipVerdicts.of(server("close"), List.of(new Vip(LISTEN, null, HERE, null)))
                .getFirst()
                .remedy())
        .contains("listens only while a member is usable");
  }

  @ParameterizedTest
  @EnumSource(
      value = End.class,
      names = {"REFUSED", "TIMED_OUT"})
  void oneThatListensAndTakesNoConnectionIsBehindAPacketFilter(End end) {
    PathFinding finding = of(HERE, LISTEN, ended(end)).getFirst();

    assertThat(finding.kind()).isEqualTo(Kind.NOT_TAKEN_HERE);
    assertThat(finding.problem()).contains("what was said");
    assertThat(finding.remedy())
        .contains("packet filter", "as many links as allowed: further clients wait");
  }

  /** No filter is to blame for what did not get as far as one. */
  @ParameterizedTest
  @EnumSource(
      value = End.class,
      names = {"FAILED", "NOT_TRIED"})
  void whatThisMachineCouldNotDoIsNoPacketFilter(End end) {
    PathFinding finding = of(HERE, LISTEN, ended(end)).getFirst();

    assertThat(finding.kind()).isEqualTo(Kind.valueOf(end.name()));
    assertThat(finding.problem()).contains("what was said");
    assertThat(finding.problem() + finding.remedy()).doesNotContain("packet filter");
  }
}
