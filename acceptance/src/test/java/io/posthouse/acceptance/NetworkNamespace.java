package io.posthouse.acceptance;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A network of its own, with nothing but a loopback interface, and gone at close. */
final class NetworkNamespace implements AutoCloseable, Network {
  private static final AtomicInteger MADE = new AtomicInteger();

  private final String name =
      "posthouse-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();

  /** Makes one that ends with the stand. */
  static NetworkNamespace of(Lab lab) {
    NetworkNamespace made = new NetworkNamespace();
    Commands.run("ip", "netns", "add", made.name).good();
    lab.keep(made);
    made.run("ip", "link", "set", "lo", "up").good();
    return made;
  }

  /** Its name, as ip knows it. */
  String name() {
    return name;
  }

  @Override
  public List<String> command(List<String> program) {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
    words.addAll(program);
    return words;
  }

  /** The command line that runs a program in it; the process becomes that program. */
  List<String> command(String... program) {
    return command(List.of(program));
  }

  @Override
  public List<String> places(int port) {
    return List.of(String.valueOf(port));
  }

  @Override
  public void awaitServer(int port) {
    await("something listens on port " + port)
        .atMost(Duration.ofSeconds(30))
        .until(() -> !run("ss", "-Hltn", "sport = :" + port).good().out().isEmpty());
  }

  /** Runs a program in it to its end. */
  Commands.Ended run(String... program) {
    return Commands.run(command(program).toArray(String[]::new));
  }

  /** Runs a program that is a class of these tests in it to its end. */
  Commands.Ended java(Class<?> program, String... words) {
    return Commands.run(Duration.ofMinutes(3), Map.of(), javaCommand(program, words));
  }

  /** The command line that runs such a program in it. */
  List<String> javaCommand(Class<?> program, String... words) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    line.add(Lab.repository().resolve("acceptance/target/test-classes").toString());
    line.add(program.getName());
    line.addAll(List.of(words));
    return command(line);
  }

  /** Tells ip something, given as one line. */
  void ip(String line) {
    run(("ip " + line).split(" ")).good();
  }

  /** Tells nft something. */
  void nft(String rules) {
    run("nft", rules).good();
  }

  /** Sets something of the kernel, for this network alone. */
  void set(String name, String value) {
    run("sysctl", "-qw", name + "=" + value).good();
  }

  /** Adds an address to the loopback interface. */
  void address(String address) {
    // An IPv6 address without it may become the source of everything else.
    ip(
        "addr add "
            + address
            + (address.contains(":") ? "/128 preferred_lft 0" : "/32")
            + " dev lo");
  }

  /** Has every address of an IPv4 and an IPv6 net be one of its own. */
  void addresses(String net4, String net6) {
    ip("route add local " + net4 + " dev lo");
    ip("-6 route add local " + net6 + " dev lo");
    set("net.ipv6.ip_nonlocal_bind", "1"); // IPv6 has such routes, but does not bind to them.
  }

  /**
   * Lays a cable to another one: here 10.NUMBER.0.1 and fd00:NUMBER::1, there those with 2.
   *
   * @param number from 1 to 9
   */
  void linkTo(NetworkNamespace other, int number) {
    String device = "eth" + number;
    ip("link add " + device + " type veth peer name " + device + " netns " + other.name);
    int host = 1;
    for (NetworkNamespace each : List.of(this, other)) {
      each.ip("addr add 10.%d.0.%d/24 dev %s".formatted(number, host, device));
      each.ip("addr add fd00:%d::%d/64 dev %s nodad".formatted(number, host, device));
      each.ip("link set " + device + " up");
      host++;
    }
  }

  @Override
  public void close() {
    Commands.run("ip", "netns", "delete", name);
  }
}
