package io.posthouse.admin;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends connections whose peer is slow, and never those that wait for us.
 *
 * <p>Helidon bounds each read but not a whole request, so one octet now and then keeps a connection
 * for hours; and its idle timer counts from the start of a request, so it would cut a long probe.
 * The timer asks each connection in turn, once a period: here a connection counts how often it was
 * asked since our own work on it last ended. No clock is needed.
 */
final class PatientSelector implements ServerConnectionSelector {
  private final ServerConnectionSelector http1;
  private final Duration period;
  private final ConcurrentHashMap<String, Patient> connections = new ConcurrentHashMap<>();

  PatientSelector(ServerConnectionSelector http1, Duration period) {
    this.http1 = http1;
    this.period = period;
  }

  /** Our own work for the request on this socket begins. */
  void begin(String socketId) {
    Patient connection = connections.get(socketId);
    if (connection != null) {
      connection.working = true;
    }
  }

  /** Our own work on it ended; from here on the peer is waited for. */
  void end(String socketId) {
    Patient connection = connections.get(socketId);
    if (connection != null) {
      connection.asked = 0;
      connection.working = false;
    }
  }

  /** How many connections are open. */
  int open() {
    return connections.size();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http1.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Patient(context.childSocketId(), http1.connection(context));
  }

  private final class Patient implements ServerConnection {
    private final String socketId;
    private final ServerConnection connection;
    private volatile boolean working;
    private volatile int asked;

    Patient(String socketId, ServerConnection connection) {
      this.socketId = socketId;
      this.connection = connection;
      connections.put(socketId, this);
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      try {
        connection.handle(limit);
      } finally {
        connections.remove(socketId);
      }
    }

    @Override
    public Duration idleTime() {
      if (working) {
        return Duration.ZERO;
      }
      // Only the timer's one thread comes here; a lost update would cost the peer nothing.
      int times = asked + 1;
      asked = times;
      return period.multipliedBy(times);
    }

    @Override
    public void close(boolean interrupt) {
      connection.close(true);
    }
  }
}
