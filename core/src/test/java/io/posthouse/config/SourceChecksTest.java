package io.posthouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.config.ConfigFile.Ports;
import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Source addresses that are not on the machine. */
class SourceChecksTest {
  @Test
  void anAddressOfTheMachineIsTaken() {
    assertThat(problems("172.16.51.174", machine(false, "eth0"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"automap", "none", "outside", "127.0.0.9", "::1"})
  void whatNeedsNoAddressOfTheMachineIsTaken(String snat) {
    assertThat(problems(snat, machine(false, "eth0"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "10.9.9.9, ip addr add 10.9.9.9/32 dev eth0",
    "::ffff:10.9.9.9, ip addr add 10.9.9.9/32 dev eth0",
    "2001:db8::25, ip -6 addr add 2001:db8::25/128 dev eth7 preferred_lft 0"
  })
  void anotherAddressIsRefusedWithTheCommandThatAddsIt(String snat, String command) {
    assertThat(problems(snat, machine(false, "eth0")))
        .singleElement()
        .asString()
        .startsWith("t.yaml:6:46: error: client-classes.fixed.snat: ")
        .contains("is not on this machine", "'" + command + "'");
  }

  @Test
  void anAddressOfAPoolIsToldAtItsPlace() {
    Machine poor = new Machine(Set.of("172.16.51.174", "172.16.51.175"), false, "eth0");

    assertThat(problems("automap", poor))
        .singleElement()
        .asString()
        .startsWith("t.yaml:4:28: error: snat-pools.outside.addresses[1]: 172.16.51.176 is not");
  }

  @Test
  void anAddressOfARuleIsToldAtItsPlace() {
    String rule = "rules: { r: { at: mail, when: tls, then: { snat: 10.9.9.9 } } }\n";
    assertThat(
            ConfigFile.read("t.yaml", rule + Sample.GOOD, Ports.FIXED, machine(false, "eth0"))
                .problems())
        .extracting(Problem::toString)
        .filteredOn(line -> line.contains("snat"))
        .singleElement()
        .asString()
        .startsWith("t.yaml:1:50: error: rules.r.then.snat: 10.9.9.9 is not on this machine");
  }

  @Test
  void withoutARouteToAMemberTheInterfaceInTheSameNetIsNamed() {
    assertThat(problems("10.9.9.9", machine(false, ""))).first().asString().contains("dev eth7'");
  }

  @Test
  void whereTheKernelBindsOthersItIsAWarning() {
    assertThat(problems("10.9.9.9", machine(true, "eth0")))
        .singleElement()
        .asString()
        .contains(": warning: ", "net.ipv4.ip_nonlocal_bind", "ip addr add 10.9.9.9/32 dev eth0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "224.0.0.1"})
  void anAddressOfManyIsRefused(String snat) {
    assertThat(problems(snat, machine(true, "eth0")))
        .singleElement()
        .asString()
        .contains(": error: ", "is no address of one machine");
  }

  private static Machine machine(boolean bindsOthers, String towards) {
    return new Machine(
        Set.of("172.16.51.174", "172.16.51.175", "172.16.51.176"), bindsOthers, towards);
  }

  /** Warnings that a class or data group has no use are not the matter here. */
  private static List<String> problems(String snat, Machine machine) {
    String text =
        """
        data-groups:
          all: { addresses: [10.0.0.0/8] }
        snat-pools:
          outside: [172.16.51.175, 172.16.51.176]
        client-classes:
          fixed: { from: [all], relay: server, snat: "%s" }
          pooled: { from: [all], relay: server, snat: outside }
        """
                .formatted(snat)
            + Sample.GOOD;
    return ConfigFile.read("t.yaml", text, Ports.FIXED, machine).problems().stream()
        .map(Problem::toString)
        .filter(line -> line.contains("snat"))
        .toList();
  }

  /** One with these addresses; members are reached by {@code towards}. */
  private record Machine(Set<String> own, boolean bindsOthers, String towards)
      implements ThisMachine {
    @Override
    public boolean owns(InetAddress address) {
      return own.stream()
          .flatMap(each -> IpAddress.parse(each).stream())
          .collect(Collectors.toSet())
          .contains(address);
    }

    @Override
    public boolean bindsOthers(boolean ipv6) {
      return bindsOthers;
    }

    @Override
    public Optional<String> interfaceTowards(InetAddress address) {
      return towards.isEmpty() ? Optional.empty() : Optional.of(towards);
    }

    @Override
    public Optional<String> interfaceBeside(InetAddress address) {
      return Optional.of("eth7");
    }

    @Override
    public boolean isBeside(String device, InetAddress address) {
      return true;
    }

    @Override
    public boolean hasInterface(String name) {
      return name.equals("eth7");
    }
  }
}
