package io.posthouse.config;

import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.Pool;
import io.posthouse.model.VirtualServer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Which virtual servers stand in front of what: by their own keys, and by their client classes. */
record Fronts(Configuration configuration) {
  /** The client classes of a virtual server that there are. */
  List<ClientClass> classes(VirtualServer server) {
    return configuration.classesOf(server).stream()
        .map(configuration.clientClasses()::get)
        .filter(Objects::nonNull)
        .toList();
  }

  /** The virtual servers that let a class in. */
  List<VirtualServer> of(ClientClass of) {
    return configuration.virtualServers().values().stream()
        .filter(server -> configuration.classesOf(server).contains(of.name()))
        .toList();
  }

  /** The virtual servers whose work, or part of it, a pool may get. */
  List<VirtualServer> of(Pool pool) {
    return configuration.virtualServers().values().stream()
        .filter(server -> pools(server).contains(pool.name()))
        .toList();
  }

  /** The names of the pools that a virtual server gives work to. */
  Set<String> pools(VirtualServer server) {
    return configuration.poolsOf(server);
  }

  /** The pools, of those that there are, that get the work of a class. */
  List<Pool> pools(ClientClass of) {
    Set<String> names = new LinkedHashSet<>();
    if (of.pool() != null) {
      names.add(of.pool());
    } else {
      of(of).forEach(server -> names.add(server.pool()));
    }
    List<Pool> pools = new ArrayList<>();
    for (String name : names) {
      Pool pool = configuration.pools().get(name);
      if (pool != null) {
        pools.add(pool);
      }
    }
    return pools;
  }
}
