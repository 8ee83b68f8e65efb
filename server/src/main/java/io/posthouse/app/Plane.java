package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.LinkServer;
import io.posthouse.model.Configuration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one configuration comes to at run time: immutable, replaced whole by a reload. The pools and
 * servers in it outlive it where their names stay.
 *
 * @param generation its number, from 1
 * @param pools by name, in the order of the file
 * @param servers by name, in the order of the file
 */
record Plane(
    long generation,
    Configuration configuration,
    Map<String, BackendPool> pools,
    Map<String, LinkServer> servers) {

  /** Copies the maps, and keeps their order. */
  Plane {
    pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
    servers = Collections.unmodifiableMap(new LinkedHashMap<>(servers));
  }
}
