package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.backend.LinkServer;
import io.posthouse.config.ConfigFile;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaneTest {

  @Test
  void keepsTheOrderOfTheFile() {
    Map<String, LinkServer> servers = new LinkedHashMap<>();
    for (int i = 40; i > 0; i--) {
      servers.put("vs" + i, nobody());
    }
    List<String> names = new ArrayList<>(servers.keySet());
    String file =
        """
        version: 1
        pools: { hub: { members: { ex1: 10.1.1.21:25 } } }
        virtual-servers: { mail: { listen: 192.0.2.1:25, pool: hub } }
        """;
    if (!(ConfigFile.read("f", file) instanceof ConfigFile.Read read)) {
      throw new AssertionError("a good file");
    }

    Plane plane = new Plane(1, read.configuration(), Map.of(), servers);
    servers.clear();

    assertThat(plane.servers().keySet()).containsExactlyElementsOf(names);
  }

  private static LinkServer nobody() {
    return (LinkServer)
        Proxy.newProxyInstance(
            LinkServer.class.getClassLoader(),
            new Class<?>[] {LinkServer.class},
            (_, method, _) -> {
              throw new AssertionError(method);
            });
  }
}
