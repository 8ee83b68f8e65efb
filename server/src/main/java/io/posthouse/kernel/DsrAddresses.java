package io.posthouse.kernel;

import io.posthouse.ruleset.DsrPlan.Vip;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The VIPs that Posthouse has put on devices. A file remembers them, written before the address is
 * there, so that a Posthouse that was killed takes them away at its next end; an address that was
 * there before is somebody else's and stays.
 */
final class DsrAddresses {
  private static final String FILE = "dsr-addresses";

  private final Path file;
  private final Set<Vip> ours = new LinkedHashSet<>();
  private boolean read;

  DsrAddresses(Path stateDirectory) {
    this.file = stateDirectory.resolve(FILE);
  }

  /** Whether there are any of ours, those of a Posthouse that was killed included. */
  boolean any() throws KernelException {
    return !ours().isEmpty();
  }

  /**
   * Has each of these on its device, and takes away others of ours.
   *
   * @return those that were missing
   */
  Set<Vip> keep(Set<Vip> wanted) throws KernelException {
    for (Vip each : List.copyOf(ours())) {
      if (!wanted.contains(each)) {
        takeAway(each);
      }
    }
    Set<Vip> added = new LinkedHashSet<>();
    for (Vip each : wanted) {
      if (!isThere(each)) {
        ours.add(each);
        write();
        Tool.IP.run(words("add", each));
        added.add(each);
      }
    }
    return added;
  }

  private void takeAway(Vip vip) throws KernelException {
    if (isThere(vip)) {
      Tool.IP.run(words("del", vip));
    }
    ours.remove(vip);
    write();
  }

  /** Also where the device itself is gone. */
  private static boolean isThere(Vip vip) throws KernelException {
    List<String> words =
        List.of("-o", "address", "show", "dev", vip.device(), "to", prefix(vip.address()));
    Tool.Ended shown = Tool.IP.attempt(words);
    if (!shown.good() && !shown.said().contains("does not exist")) {
      throw Tool.IP.failure(words, shown);
    }
    return shown.good() && !shown.said().isBlank();
  }

  /**
   * IPv6 without a question whether it is taken, which every server that has it would answer, and
   * never preferred: it would become the source of all else, too.
   */
  private static List<String> words(String verb, Vip vip) {
    String prefix = prefix(vip.address());
    return verb.equals("add") && vip.address() instanceof Inet6Address
        ? List.of("address", verb, prefix, "dev", vip.device(), "nodad", "preferred_lft", "0")
        : List.of("address", verb, prefix, "dev", vip.device());
  }

  private static String prefix(InetAddress address) {
    return address.getHostAddress() + (address instanceof Inet6Address ? "/128" : "/32");
  }

  private Set<Vip> ours() throws KernelException {
    if (!read) {
      try {
        for (String line : Files.readAllLines(file)) {
          String[] parts = line.split(" ", 2);
          if (parts.length == 2) {
            ours.add(new Vip(parts[0], InetAddress.ofLiteral(parts[1])));
          }
        }
      } catch (NoSuchFileException none) {
        // Nothing was ever added.
      } catch (IOException | IllegalArgumentException e) {
        throw new KernelException("the file " + file + " cannot be read: " + e.getMessage());
      }
      read = true;
    }
    return ours;
  }

  private void write() throws KernelException {
    try {
      if (ours.isEmpty()) {
        Files.deleteIfExists(file);
        return;
      }
      StringBuilder text = new StringBuilder();
      for (Vip each : ours) {
        text.append(each.device()).append(' ').append(each.address().getHostAddress()).append('\n');
      }
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new KernelException("the file " + file + " cannot be written: " + e.getMessage());
    }
  }
}
