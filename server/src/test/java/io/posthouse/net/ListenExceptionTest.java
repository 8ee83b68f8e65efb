package io.posthouse.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.model.Endpoint;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenExceptionTest {

  @ParameterizedTest
  @CsvSource({
    "bind(..) failed: Address already in use, ss -ltnp sport = :25",
    "Address already in use (Bind failed), another program listens there",
    "bind(..) failed: Permission denied, AmbientCapabilities=CAP_NET_BIND_SERVICE",
    "Permission denied, net.ipv4.ip_unprivileged_port_start=25",
    "bind(..) failed: Cannot assign requested address, ip address",
    "socket() failed: Too many open files, LimitNOFILE",
    "something new, something new",
  })
  void namesCauseAndRemedy(String said, String remedy) {
    ListenException exception =
        ListenException.of(new Endpoint("10.0.0.1", 25), new IOException(said));
    assertThat(exception).hasMessageStartingWith("cannot listen on 10.0.0.1:25: ");
    assertThat(exception).hasMessageContaining(remedy);
  }
}
