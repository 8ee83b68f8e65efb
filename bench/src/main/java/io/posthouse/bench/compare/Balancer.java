package io.posthouse.bench.compare;

import io.posthouse.bench.load.TlsLoad;
import io.posthouse.bench.measure.Clock;
import io.posthouse.bench.measure.ResidentMemory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of the two that are compared: a command, the address it listens on, and its process. */
final class Balancer {

  private final String name;
  private final List<String> command;
  private final InetSocketAddress address;
  private final TlsLoad.@Nullable Start tls;
  private final Path log;
  private final Children children;
  private @Nullable Process process;
  private long pid;

  /**
   * One that does not run yet.
   *
   * @param tls how clients begin TLS with it; null: in plain
   */
  Balancer(
      String name,
      List<String> command,
      InetSocketAddress address,
      TlsLoad.@Nullable Start tls,
      Path log,
      Children children) {
    this.name = name;
    this.command = command;
    this.address = address;
    this.tls = tls;
    this.log = log;
    this.children = children;
  }

  /**
   * Starts it and waits for the first banner through it.
   *
   * @return seconds from exec to that banner
   */
  double start(Duration most) throws IOException, InterruptedException {
    long begin = Clock.nanos();
    Process started = children.start(command, log);
    process = started;
    long end = Greeting.await(started, address, tls == TlsLoad.Start.IMPLICIT, most, log);
    long javaPid = Children.worker(started, "java");
    pid = javaPid == started.pid() ? Children.worker(started, "haproxy") : javaPid;
    return (end - begin) / 1e9;
  }

  /**
   * Makes sure that it runs.
   *
   * @throws IOException when it has ended by itself
   */
  void requireAlive() throws IOException {
    if (process != null && !process.isAlive()) {
      throw new IOException(
          "%s ended with %d:\n%s".formatted(name, process.exitValue(), Children.tail(log)));
    }
  }

  void stop() {
    if (process != null) {
      children.end(process);
      process = null;
    }
  }

  String name() {
    return name;
  }

  InetSocketAddress address() {
    return address;
  }

  /** How clients begin TLS with it; null: in plain. */
  TlsLoad.@Nullable Start tls() {
    return tls;
  }

  long pid() {
    return pid;
  }

  /** Memory now; a Java process collects its garbage first. */
  Memory memory() throws IOException, InterruptedException {
    if (!JavaHeap.isJava(pid)) {
      return new Memory(ResidentMemory.bytes(pid), 0, 0);
    }
    JavaHeap heap = JavaHeap.collect(pid);
    return new Memory(
        ResidentMemory.bytes(pid),
        ResidentMemory.bytesBetween(pid, heap.from(), heap.to()),
        heap.used());
  }

  /**
   * Memory of the process.
   *
   * @param resident bytes, all kinds together
   * @param residentHeap of it, the Java heap, be it in use or free
   * @param liveHeap bytes that a full collection left; 0 when there is no Java heap
   */
  record Memory(long resident, long residentHeap, long liveHeap) {

    /**
     * Bytes in use: what is not Java heap, as far as it is resident, and the live part of the heap.
     */
    long held() {
      return resident - residentHeap + liveHeap;
    }
  }
}
