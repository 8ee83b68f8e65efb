package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.BadQuestionException;
import io.posthouse.path.End;
import io.posthouse.path.PathFinding;
import io.posthouse.path.PathFinding.Kind;
import io.posthouse.path.PathTester;
import io.posthouse.path.Vip;
import io.posthouse.path.WalkedWay;
import io.posthouse.testkit.FreePorts;
import io.posthouse.testkit.LoopbackServer;
import io.posthouse.testkit.NoLeaks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The ways of what runs are gone, each once. */
@ExtendWith(NoLeaks.class)
final class RunningPathsTest {
  @TempDir Path directory;

  private final Queue<String> came = new ConcurrentLinkedQueue<>();

  private LoopbackServer member() {
    return LoopbackServer.with(client -> {
      String from = client.getInetAddress().getHostAddress();
      came.add(from);
      if (!from.equals("127.0.2.9")) {
        client.getOutputStream().write("220 mx\r\n".getBytes(StandardCharsets.US_ASCII));
        client.getInputStream().readAllBytes();
      }
    });
  }

  private static String text(int ex1, int ex2) {
    return """
    snat-pools: { outside: [127.0.2.8, 127.0.2.9] }
    data-groups: { apps: [127.0.0.2] }
    client-classes:
      relay: { from: apps, relay: any, snat: 127.0.0.1 }
      internet: { from: any, relay: server, snat: outside }
    pools:
      hub: { members: { ex1: "127.0.0.1:%d", ex2: "127.0.0.1:%d" } }
      spare: { members: { ex3: nowhere.invalid:25 } }
    virtual-servers:
      VS: { listen: ["127.0.0.1:0", "*:0"], pool: hub, classes: [relay, internet] }
      TCP: { listen: "127.0.0.3:0", mode: tcp, pool: spare }
    """
        .formatted(ex1, ex2);
  }

  /** The kernel's choice is 127.0.0.1 here, which the class relay has, too. */
  @Test
  void eachAddressIsGoneFromOnceAndWhatDiffersIsNamed() throws Exception {
    int nobody = FreePorts.next();
    try (LoopbackServer member = member();
        RunningHouse house = RunningHouse.start(directory, text(member.port(), nobody))) {
      PathTester.Members walked = house.posthouse().paths().members("hub", null);

      assertThat(walked.ways().stream().map(RunningPathsTest::text))
          .containsExactly(
              "ex1 from 127.0.0.1: GREETED",
              "ex1 from 127.0.2.8: GREETED",
              "ex1 from 127.0.2.9: CLOSED",
              "ex2 from 127.0.0.1: REFUSED",
              "ex2 from 127.0.2.8: REFUSED",
              "ex2 from 127.0.2.9: REFUSED");
      assertThat(walked.ways().getFirst().way().who())
          .containsExactly("this machine", "relay on VS");
      assertThat(walked.ways().getFirst().way().from()).hasToString("127.0.0.1");
      assertThat(walked.ways().getFirst().at().device()).isEqualTo("lo");
      assertThat(came).containsExactlyInAnyOrder("127.0.0.1", "127.0.2.8", "127.0.2.9");
      assertThat(walked.findings())
          .extracting(PathFinding::kind)
          .containsExactly(Kind.REFUSED, Kind.HUNG_UP);
      assertThat(walked.findings().getLast().subject()).endsWith(" from 127.0.2.9");
    }
  }

  /** As mail does: an address of the other family says nothing of the member. */
  @Test
  void ofTwoFamiliesTheMembersIsTried() throws Exception {
    try (LoopbackServer member = member();
        RunningHouse house =
            RunningHouse.start(
                directory,
                text(member.port(), member.port())
                    .replace("[127.0.2.8, 127.0.2.9]", "[127.0.2.8, \"::1\"]")
                    .replace("ex1: \"127.0.0.1:", "ex1: \"localhost:"))) {
      PathTester.Members walked = house.posthouse().paths().members("hub", "ex1");

      assertThat(walked.ways().stream().map(RunningPathsTest::text))
          .containsExactly("ex1 from 127.0.0.1: GREETED", "ex1 from 127.0.2.8: GREETED");
      assertThat(walked.findings()).isEmpty();
    }
  }

  private static String text(WalkedWay each) {
    return each.way().member().name() + " from " + each.from() + ": " + each.attempt().end();
  }

  @Test
  void oneMemberAlone() throws Exception {
    try (LoopbackServer member = member();
        RunningHouse house = RunningHouse.start(directory, text(FreePorts.next(), member.port()))) {
      PathTester paths = house.posthouse().paths();

      assertThat(paths.plan().pools().getFirst().members())
          .containsExactly(
              new PathTester.MemberPlan("ex1", 3), new PathTester.MemberPlan("ex2", 3));
      assertThat(paths.members("hub", "ex2").ways()).hasSize(3);
      assertThat(member.accepted()).isEqualTo(3);
      assertThatThrownBy(() -> paths.members("hub", "ex9"))
          .isInstanceOf(BadQuestionException.class)
          .hasMessageContaining("no hub/ex9");
      assertThatThrownBy(() -> paths.members("nowhere", null))
          .isInstanceOf(BadQuestionException.class)
          .hasMessageContaining("no pool nowhere");
    }
  }

  @Test
  void aNameWithoutAnAddressIsTold() throws Exception {
    try (LoopbackServer member = member();
        RunningHouse house = RunningHouse.start(directory, text(FreePorts.next(), member.port()))) {
      PathTester.Members walked = house.posthouse().paths().members("spare", null);

      assertThat(walked.ways().getFirst().attempt().end()).isEqualTo(End.UNKNOWN_NAME);
      assertThat(walked.findings())
          .extracting(PathFinding::kind)
          .containsExactly(Kind.UNKNOWN_NAME);
    }
  }

  @Test
  void whatListensHereIsWellAndWhatDoesNotIsTold() throws Exception {
    try (LoopbackServer member = member();
        RunningHouse house = RunningHouse.start(directory, text(FreePorts.next(), member.port()))) {
      PathTester paths = house.posthouse().paths();
      PathTester.Vips vips = paths.server("VS");

      assertThat(vips.findings()).isEmpty();
      assertThat(vips.addresses())
          .hasSize(2)
          .allSatisfy(each -> {
            assertThat(each.bound()).isNotNull();
            assertThat(each.attempt()).isNotNull();
          });
      assertThat(Stream.of(vips.addresses().getFirst()).map(Vip::at))
          .allMatch(at -> at.phrase().equals("on lo"));
      await().untilAsserted(() -> assertThat(house.server("VS").links().open()).isZero());
      assertThat(house.server("VS").links().failed()).isZero();
      assertThatThrownBy(() -> paths.server("NO")).isInstanceOf(BadQuestionException.class);

      house.posthouse().stopListening();
      house.posthouse().matchListeners();
      assertThat(paths.server("VS").findings())
          .extracting(PathFinding::kind)
          .containsExactly(Kind.NOT_LISTENING, Kind.NOT_LISTENING);
    }
  }
}
