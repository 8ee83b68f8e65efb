package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.model.Endpoint;
import io.posthouse.testkit.Conversation;
import io.posthouse.testkit.MachineClock;
import io.posthouse.testkit.ScriptedServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpProbeTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private static Probes probes(Resolver resolver) {
    return new Probes(resolver, Path.of("posthouse.yaml"), new MachineClock());
  }

  private static InetAddress none(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void passesAndClosesWithoutAReset(String address) {
    // A reset would come after the client's FIN, where only a second write of the peer can see it.
    String late = "pause: 100\nS: 220 late\npause: 100\nS: 220 later\nclose";
    try (ScriptedServer server = ScriptedServer.playOn(address, late);
        Probes probes = probes(TcpProbeTest::none)) {
      Outcome outcome = probes.ask(Orders.to(server, Orders.tcp(LONG)), "lb");
      assertThat(outcome.result()).isEqualTo(new ProbeResult.Passed("connected"));
      Conversation wire = server.next();
      assertThat(wire.problems()).isEmpty();
      assertThat(wire.cleanClose()).isTrue();
    }
  }

  @Test
  void failsWhenNobodyListens() {
    ScriptedServer server = ScriptedServer.play("close");
    server.close();
    try (Probes probes = probes(TcpProbeTest::none)) {
      assertThat(probes.ask(Orders.to(server, Orders.tcp(LONG)), "lb").result())
          .isEqualTo(new ProbeResult.Failed(ProbeStep.CONNECT, "connection refused"));
    }
  }

  @Test
  void asksTheResolverForNamesOnly() {
    try (ScriptedServer server = ScriptedServer.play("close");
        Probes probes = probes(host -> InetAddress.ofLiteral("127.0.0.1"));
        Probes deaf = probes(TcpProbeTest::none)) {
      ProbeOrder order =
          Orders.to(new Endpoint("ex1.contoso.com", server.port()), Orders.tcp(LONG));
      assertThat(probes.ask(order, "lb").result()).isInstanceOf(ProbeResult.Passed.class);
      assertThat(deaf.ask(order, "lb").result())
          .isEqualTo(
              new ProbeResult.Failed(ProbeStep.RESOLVE, "no address is known for ex1.contoso.com"));
    }
  }
}
