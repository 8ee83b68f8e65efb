package io.posthouse.app;

import io.posthouse.config.ThisMachine;
import io.posthouse.path.Whereabouts;
import io.posthouse.policy.Prefix;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The addresses of this machine, asked of its kernel each time. */
final class MachineAddresses implements ThisMachine {
  /** Any port but 0 does: a datagram socket that is connected sends nothing. */
  private static final int SOME_PORT = 25;

  @Override
  public boolean owns(InetAddress address) {
    return isOnAnInterface(address)
        || (!bindsOthers(address instanceof Inet6Address) && canBind(address));
  }

  /** Where an address is; on this machine also where a route alone says so. */
  Whereabouts where(InetAddress address) {
    try {
      NetworkInterface on = NetworkInterface.getByInetAddress(address);
      if (on != null) {
        return new Whereabouts(true, on.getName(), on.isUp());
      }
    } catch (SocketException unreadable) {
      return Whereabouts.UNKNOWN;
    }
    boolean routed = address.equals(sourceTowards(address)); // The kernel's way to its own.
    return new Whereabouts(routed || owns(address), "", true);
  }

  @Override
  public boolean bindsOthers(boolean ipv6) {
    Path setting = Path.of("/proc/sys/net", ipv6 ? "ipv6" : "ipv4", "ip_nonlocal_bind");
    try {
      return Files.readString(setting).trim().equals("1");
    } catch (IOException notThere) {
      return false;
    }
  }

  @Override
  public Optional<String> interfaceTowards(InetAddress address) {
    InetAddress source = sourceTowards(address);
    if (source == null) {
      return Optional.empty();
    }
    try {
      NetworkInterface by = NetworkInterface.getByInetAddress(source);
      return by == null || by.isLoopback() ? Optional.empty() : Optional.of(by.getName());
    } catch (SocketException unreadable) {
      return Optional.empty();
    }
  }

  /** The source that the kernel would choose for a connection to an address; null for no route. */
  @Nullable InetAddress sourceTowards(InetAddress address) {
    try (DatagramSocket asked = new DatagramSocket(null)) {
      asked.connect(new InetSocketAddress(address, SOME_PORT));
      InetAddress source = asked.getLocalAddress();
      return source.isAnyLocalAddress() ? null : source;
    } catch (IOException noRoute) {
      return null;
    }
  }

  /** Of several the one with the narrowest net; an address by itself is none. */
  @Override
  public Optional<String> interfaceBeside(InetAddress address) {
    try {
      return NetworkInterface.networkInterfaces()
          .map(NetworkInterface::getName)
          .filter(each -> narrowest(each, address) > 0)
          .max(Comparator.comparingInt(each -> narrowest(each, address)));
    } catch (SocketException unreadable) {
      return Optional.empty();
    }
  }

  /** How many bits of its net are fixed; 0 for an address in none. */
  private int narrowest(String device, InetAddress address) {
    return networks(device).stream()
        .filter(each -> each.contains(address))
        .mapToInt(Prefix::bits)
        .max()
        .orElse(0);
  }

  @Override
  public boolean isBeside(String device, InetAddress address) {
    return networks(device).stream().anyMatch(network -> network.contains(address));
  }

  @Override
  public boolean hasInterface(String name) {
    try {
      return NetworkInterface.getByName(name) != null;
    } catch (SocketException unreadable) {
      return false;
    }
  }

  /** The number of an interface, another one when it was made anew; 0 for none. */
  int index(String device) {
    try {
      NetworkInterface found = NetworkInterface.getByName(device);
      return found == null ? 0 : found.getIndex();
    } catch (SocketException unreadable) {
      return 0;
    }
  }

  /** The networks that an interface has an address in; single addresses are none. */
  List<Prefix> networks(String device) {
    try {
      NetworkInterface found = NetworkInterface.getByName(device);
      return found == null
          ? List.of()
          : found.getInterfaceAddresses().stream()
              .filter(
                  each -> each.getNetworkPrefixLength() < 8 * each.getAddress().getAddress().length)
              .map(each -> new Prefix(each.getAddress(), each.getNetworkPrefixLength()))
              .toList();
    } catch (SocketException unreadable) {
      return List.of();
    }
  }

  /** The longest packet of an interface; 0 for unknown. */
  int mtu(String device) {
    try {
      NetworkInterface found = NetworkInterface.getByName(device);
      return found == null ? 0 : found.getMTU();
    } catch (SocketException unreadable) {
      return 0;
    }
  }

  private static boolean isOnAnInterface(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unreadable) {
      return false;
    }
  }

  /** What a route of type local covers stands on no interface, and can be bound all the same. */
  private static boolean canBind(InetAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, 0));
      return true;
    } catch (IOException notOurs) {
      return false;
    }
  }
}
