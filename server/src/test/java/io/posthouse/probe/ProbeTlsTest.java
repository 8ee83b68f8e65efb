package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.health.ProbeOrder;
import io.posthouse.model.Endpoint;
import io.posthouse.model.MemberTls;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeTlsTest {

  private static ProbeOrder order(String name) {
    return Orders.to(
        new Endpoint("10.1.1.21", 25), Orders.tcp(Duration.ofSeconds(5)), MemberTls.OFF, name);
  }

  private static SSLSocket over(Socket raw, String name) throws IOException {
    return new ProbeTls(order(name), new Issuers(Path.of("posthouse.yaml"))).over(raw);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ex1.contoso.com", "ex1.contoso.com."})
  void sendsTheNameWithoutItsLastDot(String host) throws Exception {
    try (ServerSocket server = new ServerSocket(0);
        Socket raw = new Socket(server.getInetAddress(), server.getLocalPort())) {
      assertThat(over(raw, host).getSSLParameters().getServerNames())
          .containsExactly(new SNIHostName("ex1.contoso.com"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exch_1.contoso.com", ".", "10.1.1.21", "2001:db8::25"})
  void sendsNoNameThatTlsDoesNotKnow(String host) {
    assertThat(ProbeTls.serverName(host)).isEmpty();
  }

  @Test
  void startsOverASocketOfAnOddName() throws Exception {
    try (ServerSocket server = new ServerSocket(0);
        Socket raw = new Socket(server.getInetAddress(), server.getLocalPort())) {
      SSLSocket secure = over(raw, "exch_1.contoso.com.");
      assertThat(secure.getSSLParameters().getServerNames()).isEmpty();
    }
  }
}
