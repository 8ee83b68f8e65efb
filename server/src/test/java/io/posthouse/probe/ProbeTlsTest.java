package io.posthouse.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeTlsTest {

  @ParameterizedTest
  @ValueSource(strings = {"ex1.contoso.com", "ex1.contoso.com."})
  void sendsTheNameWithoutItsLastDot(String host) {
    assertThat(ProbeTls.serverName(host)).containsExactly(new SNIHostName("ex1.contoso.com"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exch_1.contoso.com", ".", "10.1.1.21", "2001:db8::25"})
  void sendsNoNameThatTlsDoesNotKnow(String host) {
    assertThat(ProbeTls.serverName(host)).isEmpty();
  }

  @Test
  void startsOverASocketOfAnOddName() throws Exception {
    try (ServerSocket server = new ServerSocket(0);
        Socket raw = new Socket(server.getInetAddress(), server.getLocalPort());
        SSLSocket secure = new ProbeTls().over(raw, "exch_1.contoso.com.")) {
      assertThat(secure.getSSLParameters().getServerNames()).isEmpty();
    }
  }
}
