package io.posthouse.acceptance;

/** One Ethernet with hosts on it, each in a network of its own: 10.77.0.N/24 and fd77::N/64. */
final class Segment {
  private final Lab lab;
  private final NetworkNamespace bridge;

  /** One without hosts, which ends with the stand. */
  Segment(Lab lab) {
    this.lab = lab;
    bridge = NetworkNamespace.of(lab);
    bridge.ip("link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
    bridge.ip("link set br0 up");
    for (String hook : new String[] {"iptables", "ip6tables", "arptables"}) {
      // Where the kernel has it: frames of a bridge are nothing for packet filters.
      bridge.run("sysctl", "-qw", "net.bridge.bridge-nf-call-" + hook + "=0");
    }
  }

  /** Adds a host, whose device is eth0. */
  NetworkNamespace host(int number) {
    NetworkNamespace host = NetworkNamespace.of(lab);
    for (String scope : new String[] {"all", "default"}) {
      host.set("net.ipv6.conf." + scope + ".accept_dad", "0");
    }
    plug(host, number);
    return host;
  }

  /** Takes the device of a host away. */
  void unplug(int number) {
    bridge.ip("link del p" + number);
  }

  /** Gives a host its device, a new one of the same name. */
  void plug(NetworkNamespace host, int number) {
    String port = "p" + number;
    bridge.ip("link add " + port + " type veth peer name eth0 netns " + host.name());
    bridge.ip("link set " + port + " master br0 up");
    host.ip("addr add " + ipv4(number) + "/24 dev eth0");
    host.ip("addr add " + ipv6(number) + "/64 dev eth0 nodad");
    host.ip("link set eth0 up");
  }

  /** A host's address. */
  static String ipv4(int number) {
    return "10.77.0." + number;
  }

  /** The same in IPv6. */
  static String ipv6(int number) {
    return "fd77::" + number;
  }
}
