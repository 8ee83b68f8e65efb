package io.posthouse.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.audit.MemberWay;
import io.posthouse.config.ConfigFile;
import io.posthouse.model.Endpoint;
import io.posthouse.path.PathFinding.Kind;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much is named of ways that are compared, and what is said because of the others. */
class ComparedTest {
  private static final MemberWay WAY = way();

  private final List<WalkedWay> walked = new ArrayList<>();

  private static MemberWay way() {
    String text =
        """
        version: 1
        hostname: lb.example.net
        pools: { hub: { members: { ex1: 10.1.1.21:25 } } }
        virtual-servers: { MAIL: { listen: 172.16.51.174:25, pool: hub } }
        """;
    return MemberWay.all(((ConfigFile.Read) ConfigFile.read("t.yaml", text)).configuration())
        .getFirst();
  }

  private void from(String source, Attempt attempt) {
    from(WAY, source, attempt);
  }

  private void from(MemberWay way, String source, Attempt attempt) {
    Whereabouts at = new Whereabouts(true, "eth1", true);
    walked.add(new WalkedWay(way, InetAddress.ofLiteral(source), at, "eth0", attempt));
  }

  private static Attempt ended(End end) {
    return Attempt.of(end, Attempt.CONNECT, "what was said");
  }

  private static Attempt connected(Duration time) {
    return Attempt.of(End.CONNECTED, time, "connected");
  }

  private static Attempt greets(int code, String text) {
    return connected(Duration.ofMillis(2)).then(Reply.of(code, text), Duration.ofMillis(3));
  }

  private PathFinding finding() {
    List<PathFinding> all = MemberVerdicts.of(walked);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  @Test
  void fiveAddressesAreNamedAndTheOthersCounted() {
    for (int last = 1; last <= 7; last++) {
      from("10.0.0." + last, ended(End.TIMED_OUT));
      from("10.0.1." + last, connected(Duration.ZERO));
    }

    assertThat(finding().subject())
        .endsWith(" from 10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.5 and 2 more");
    assertThat(finding().problem())
        .contains("connections from 10.0.1.1, 10.0.1.2, 10.0.1.3, 10.0.1.4, 10.0.1.5 and 2 more");
  }

  /** Two addresses of one member share more than a gateway. */
  @Test
  void twoAddressesOfAMemberAreOneMember() {
    from("10.0.0.1", ended(End.REFUSED));
    MemberWay second =
        new MemberWay(
            WAY.pool(),
            WAY.member(),
            new Endpoint("10.1.1.21", 2525),
            WAY.from(),
            WAY.smtp(),
            WAY.who());
    from(second, "10.0.0.1", ended(End.REFUSED));

    assertThat(finding().subject()).contains("10.1.1.21:25, hub/ex1 at 10.1.1.21:2525");
    assertThat(finding().problem()).doesNotContain("It is so with");
  }

  @Test
  void aTimeOutCountsTheAddressesThatWereTried() {
    from("10.0.0.1", ended(End.TIMED_OUT));
    assertThat(finding().problem()).contains("to the one address that was tried");

    from("10.0.0.2", ended(End.TIMED_OUT));
    assertThat(finding().problem()).contains("to any of the 2 addresses that were tried");
  }

  @Test
  void ofSlowConnectsTheLongestIsTold() {
    from("10.0.0.1", connected(Duration.ofMillis(1_020)));
    from("10.0.0.2", connected(Duration.ofMillis(3_060)));

    assertThat(finding().problem()).contains("It took 3.1 s");
  }

  @Test
  void noRouteFromOneAddressNamesThoseThatAreAnswered() {
    from("10.0.0.1", connected(Duration.ZERO));
    from("10.0.0.2", ended(End.UNREACHABLE));

    assertThat(finding().kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(finding().problem()).endsWith("Connections from 10.0.0.1 are answered.");
    assertThat(finding().remedy()).contains("firewalld", "let 10.0.0.2 in to port 25");
  }

  @Test
  void ipv6HasNoReversePathFilter() {
    from("2001:db8::1", connected(Duration.ZERO));
    from("2001:db8::2", ended(End.TIMED_OUT));
    assertThat(finding().remedy()).doesNotContain("rp_filter is 1");

    walked.clear();
    from("10.0.0.1", connected(Duration.ZERO));
    from("10.0.0.2", ended(End.TIMED_OUT));
    assertThat(finding().remedy())
        .contains("ip route get 10.1.1.21 from 10.0.0.2", "conf/eth1/rp_filter is 1");
  }

  @Test
  void pressureForAllIsTheServersAndForOneIsALimit() {
    from("10.0.0.1", greets(421, "4.3.2 Service not available"));
    assertThat(finding().problem()).contains("overloaded");

    from("10.0.0.2", greets(220, "mx"));
    assertThat(finding().problem())
        .contains("takes no more from this address now, while others are let in")
        .endsWith("It does greet 10.0.0.2.");
    assertThat(finding().remedy()).contains("MaxInboundConnectionPerSource", "RemoteIPRanges");
  }
}
