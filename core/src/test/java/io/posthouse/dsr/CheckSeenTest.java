package io.posthouse.dsr;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.dsr.CheckSeen.Answer;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** What nft 1.0.6 lists, read: as recorded, s1 without the VIP and routing, s3 rewriting. */
class CheckSeenTest {
  private static final String LISTING =
      """
      table netdev posthouse_dsr_check_0d1bd39c {
      	set live4 {
      		type ipv4_addr . inet_service
      		timeout 120s
      		elements = { 10.77.0.2 . 40001 expires 119s,
      			     10.77.0.2 . 40003 expires 119s }
      	}

      	set left4 {
      		type inet_service
      		size 4096
      		flags dynamic
      		elements = { 40001, 40002,
      			     40003 }
      	}

      	set back4 {
      		type inet_service
      		size 4096
      		flags dynamic
      		elements = { 40001 }
      	}

      	set answer4 {
      		type inet_service . ether_addr . ipv4_addr
      		size 4096
      		flags dynamic
      		elements = { 40003 . 02:77:00:00:00:23 . 10.77.0.23,
      			     40002 . 02:77:00:00:00:22 . 10.77.0.100 }
      	}

      	set left6 {
      		type inet_service
      		size 4096
      		flags dynamic
      		elements = { 40012 }
      	}

      	set back6 {
      		type inet_service
      		size 4096
      		flags dynamic
      	}

      	set answer6 {
      		type inet_service . ether_addr . ipv6_addr
      		size 4096
      		flags dynamic
      		elements = { 40012 . 02:77:00:00:00:22 . fd77::100 }
      	}

      	chain in {
      		type filter hook ingress device "eth0" priority -10; policy accept;
      		ip saddr . tcp sport @live4 add @back4 { tcp sport } drop
      	}
      }
      """;

  @Test
  void bothFamiliesAreRead() {
    CheckSeen seen = CheckSeen.of(LISTING);

    assertThat(seen.left()).containsExactlyInAnyOrder(40001, 40002, 40003, 40012);
    assertThat(seen.back()).containsExactly(40001);
    assertThat(seen.answers(40003))
        .containsExactly(
            new Answer(40003, "02:77:00:00:00:23", InetAddress.ofLiteral("10.77.0.23")));
    assertThat(seen.answers(40012))
        .containsExactly(
            new Answer(40012, "02:77:00:00:00:22", InetAddress.ofLiteral("fd77::100")));
    assertThat(seen.answers(40001)).isEmpty();
  }

  @Test
  void anythingElseIsNothing() {
    assertThat(CheckSeen.of("")).isEqualTo(CheckSeen.NOTHING);
    assertThat(CheckSeen.of("set left4 { elements = {")).isEqualTo(CheckSeen.NOTHING);
    assertThat(CheckSeen.of("set answer4 {\n elements = { 1 . 02:77:00:00:00:23 . ::: }\n}"))
        .isEqualTo(CheckSeen.NOTHING);
  }
}
