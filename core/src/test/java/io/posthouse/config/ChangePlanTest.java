package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ChangePlan.Changes;
import io.posthouse.config.ChangePlan.KeyChange;
import io.posthouse.model.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangePlanTest {
  @Test
  void theSameFileChangesNothing() {
    ChangePlan plan = plan(Sample.GOOD, "# a comment\n" + Sample.GOOD);

    assertThat(plan.isEmpty()).isTrue();
    assertThat(plan.describe()).isEmpty();
  }

  @Test
  void writingADefaultOutChangesNothing() {
    assertThat(
            plan(Sample.GOOD, Sample.with("mode: tcp", "mode: tcp\n    idle-timeout: 660s"))
                .isEmpty())
        .isTrue();
  }

  @Test
  void aListenAddressThatMovesOpensAndCloses() {
    ChangePlan plan = plan(Sample.GOOD, Sample.with("51.174:25", "51.175:25"));

    assertThat(plan.open()).containsExactly(new Endpoint("172.16.51.175", 25));
    assertThat(plan.close()).containsExactly(new Endpoint("172.16.51.174", 25));
    assertThat(plan.describe())
        .containsExactly(
            "virtual server SMTP_VS: listen [172.16.51.174:25] -> [172.16.51.175:25]",
            "listening on 172.16.51.174:25 ends",
            "listening on 172.16.51.175:25 begins");
  }

  @Test
  void anAddressThatOnlyChangesItsVirtualServerStaysOpen() {
    ChangePlan plan = plan(Sample.GOOD, Sample.with("SMTP_VS", "RENAMED"));

    assertThat(plan.open()).isEmpty();
    assertThat(plan.close()).isEmpty();
    assertThat(plan.virtualServers())
        .isEqualTo(new Changes(List.of("RENAMED"), List.of("SMTP_VS"), Map.of()));
  }

  @Test
  void membersAreComparedKeyByKey() {
    ChangePlan plan =
        plan(
            Sample.GOOD,
            Sample.with(
                "ex1: 10.1.1.21:25\n      ex2: { address: 10.1.1.22:25, weight: 2 }",
                "ex2: { address: 10.1.1.22:25, weight: 3, state: draining }\n      ex3: 10.1.1.23:25"));

    assertThat(plan.pools().isEmpty()).isTrue();
    assertThat(plan.members())
        .containsExactly(
            Map.entry(
                "hub",
                new Changes(
                    List.of("ex3"),
                    List.of("ex1"),
                    Map.of(
                        "ex2",
                        List.of(
                            new KeyChange("weight", "2", "3"),
                            new KeyChange("state", "enabled", "draining"))))));
    assertThat(plan.describe())
        .containsExactly(
            "pool hub: member ex1 removed",
            "pool hub: member ex3 added (10.1.1.23:25)",
            "pool hub: member ex2: weight 2 -> 3",
            "pool hub: member ex2: state enabled -> draining");
  }

  @Test
  void blocksAreComparedKeyByKeyAndAbsentBlocksWhole() {
    String before = Sample.GOOD;
    String after =
        "log: { level: warn }\n"
            + Sample.with("monitors: [alive]", "queue: { timeout: 1s }\n    monitors: [alive]")
                .replace("mode: tcp", "mode: tcp\n    persistence: { timeout: 5m }")
                .replace("type: tcp", "type: tcp, port: 10025");

    assertThat(plan(before, after).describe())
        .containsExactly(
            "log.level info -> warn",
            "monitor alive: port member -> 10025",
            "pool hub: queue.timeout 5s -> 1s",
            "virtual server SMTP_VS: persistence none -> { by: source-address, timeout: 5m, prefix:"
                + " { ipv4: 32, ipv6: 64 } }");
  }

  @Test
  void poolsThatComeAndGoAreToldWithoutTheirMembers() {
    String after = Sample.GOOD.replace("hub", "core");

    assertThat(plan(Sample.GOOD, after).describe())
        .containsExactly(
            "pool hub removed", "pool core added", "virtual server SMTP_VS: pool hub -> core");
  }

  @Test
  void groupsSnatPoolsAndClassesAreTold() {
    String before =
        """
        data-groups: { devices: [10.0.0.1], gone: [10.0.0.9] }
        snat-pools: { ours: [172.16.51.175] }
        client-classes:
          relay: { from: [devices, gone], relay: any, snat: ours }
        """
            + Sample.with("pool: hub", "pool: hub\n    classes: relay");
    String after =
        before
            .replace("[10.0.0.1], gone: [10.0.0.9]", "[10.0.0.1, 10.0.0.2]")
            .replace("[devices, gone]", "devices")
            .replace("[172.16.51.175]", "[172.16.51.175, 172.16.51.176]")
            .replace("relay: any", "relay: any, member-addresses: { ex1: 10.1.1.31:25 }");

    ChangePlan plan = plan(before, after);

    assertThat(plan.isEmpty()).isFalse();
    assertThat(plan.describe())
        .containsExactly(
            "data group gone removed",
            "data group devices: values [10.0.0.1] -> [10.0.0.1, 10.0.0.2]",
            "SNAT pool ours: addresses [172.16.51.175] -> [172.16.51.175, 172.16.51.176]",
            "client class relay: from [devices, gone] -> [devices]",
            "client class relay: member-addresses {  } -> { ex1: { address: 10.1.1.31:25 } }");
  }

  @Test
  void aLongListIsToldByWhatCameAndWent() {
    String many =
        IntStream.range(0, 30).mapToObj(i -> "10.0.0." + i).collect(Collectors.joining(", "));
    String before =
        "data-groups: { devices: ["
            + many
            + "] }\n"
            + "client-classes: { relay: { from: devices, relay: any } }\n"
            + Sample.with("pool: hub", "pool: hub\n    classes: relay");

    assertThat(plan(before, before.replace("10.0.0.7,", "10.1.0.0/16, 10.0.1.7,")).describe())
        .containsExactly(
            "data group devices: values 30 entries -> 31 entries, new: [10.1.0.0/16, 10.0.1.7],"
                + " gone: [10.0.0.7]");
  }

  private static ChangePlan plan(String before, String after) {
    return ChangePlan.between(Sample.read(before), Sample.read(after));
  }
}
