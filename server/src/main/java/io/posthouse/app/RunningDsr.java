package io.posthouse.app;

import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Ticker;
import io.posthouse.dsr.Behind;
import io.posthouse.dsr.CheckRow;
import io.posthouse.dsr.CheckSeen;
import io.posthouse.dsr.ClaimsSeen;
import io.posthouse.dsr.ClientWay;
import io.posthouse.dsr.DsrChecker;
import io.posthouse.dsr.DsrVerdicts;
import io.posthouse.dsr.ServerSeen;
import io.posthouse.dsr.VipSeen;
import io.posthouse.kernel.CheckTools;
import io.posthouse.kernel.KernelException;
import io.posthouse.model.VirtualServer;
import io.posthouse.path.Attempt;
import io.posthouse.path.End;
import io.posthouse.policy.Prefix;
import io.posthouse.probe.HeldPort;
import io.posthouse.probe.PathWalk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the servers of what runs: at their own addresses, then through the VIPs. */
final class RunningDsr implements DsrChecker {
  private static final Walkers WALKERS = new Walkers(8, STEP);

  /** As many as eight at once can do in a step when none of them answers. */
  private static final int MOST = 64;

  private static final int IMPLICIT_TLS = 465;

  private final Reconciler reconciler;
  private final Names names;
  private final PathWalk walk;
  private final CheckTools tools;
  private final MachineAddresses machine = new MachineAddresses();

  RunningDsr(Reconciler reconciler, Names names, Path file, Path stateDirectory, Ticker ticker) {
    this.reconciler = reconciler;
    this.names = names;
    this.walk = new PathWalk(file, ticker);
    this.tools = new CheckTools(stateDirectory);
  }

  @Override
  public List<Behind> plan() {
    Plane plane = reconciler.plane();
    if (plane == null) {
      throw new BadQuestionException("nothing runs yet; try again");
    }
    return Behind.all(plane.configuration());
  }

  @Override
  public Checked check(String server, @Nullable String member, @Nullable InetAddress client) {
    String word = member == null ? server : server + "/" + member;
    List<Behind> all = Behind.named(plan(), server);
    List<Behind> asked = Behind.named(all, word);
    if (asked.isEmpty()) {
      throw new BadQuestionException(
          "there is no virtual server of mode dsr, or member of one, with the name " + word);
    }
    VirtualServer of = asked.getFirst().server();
    String device = device(of, asked.getFirst().vips());
    tools.sweep();
    return new Round(of, device, all).check(asked, client);
  }

  /** Removes what a check that was killed has left, where there may have been one. */
  void removeLeftovers() {
    if (!plan().isEmpty()) {
      tools.sweep();
    }
  }

  private String device(VirtualServer server, List<InetAddress> vips) {
    String named = server.dsr().device();
    return named != null
        ? named
        : vips.stream()
            .flatMap(vip -> machine.interfaceBeside(vip).stream())
            .findFirst()
            .orElseThrow(() ->
                new BadQuestionException(
                    "no network of this machine has the addresses of "
                        + server.name()
                        + "; name dsr.device in the file"));
  }

  /** One check of one virtual server. */
  private final class Round {
    private final VirtualServer server;
    private final String device;
    private final List<Behind> all;
    private final List<Prefix> networks;
    private final Map<Behind, InetAddress> addresses = new HashMap<>();
    private Map<InetAddress, String> neighbours = Map.of();

    Round(VirtualServer server, String device, List<Behind> all) {
      this.server = server;
      this.device = device;
      this.all = all;
      this.networks = machine.networks(device);
    }

    Checked check(List<Behind> asked, @Nullable InetAddress client) {
      List<String> notes = new ArrayList<>(List.of(ClientWay.inGeneral()));
      for (Behind each : all) {
        resolve(each);
      }
      List<Attempt> own = WALKERS.each(asked, this::own, _ -> late());
      List<ServerSeen> servers = new ArrayList<>();
      try {
        neighbours = tools.neighbours(device);
        if (client != null) {
          notes.add(ClientWay.of(client, device, networks, tools.route(client)));
        }
      } catch (KernelException e) {
        notes.add("Some of this is not known: %s.".formatted(e.getMessage()));
      }
      for (int i = 0; i < asked.size(); i++) {
        servers.add(seen(asked.get(i), own.get(i)));
      }
      List<ServerSeen> through = through(servers);
      List<ClaimsSeen> claims = WALKERS.each(asked.getFirst().vips(), this::claims, this::unasked);
      return new Checked(
          device,
          machine.mtu(device),
          through,
          claims,
          DsrVerdicts.of(server.name(), device, through, claims, owners()),
          notes);
    }

    private void resolve(Behind each) {
      try {
        addresses.put(each, names.resolve(each.member().address().host()));
      } catch (UnknownHostException unknown) {
        // It gets no try, and its finding says so.
      }
    }

    private Attempt own(Behind each) {
      InetAddress member = addresses.get(each);
      if (member == null) {
        return Attempt.none(End.UNKNOWN_NAME, "DNS has none");
      }
      InetAddress source = machine.sourceTowards(member);
      if (source == null) {
        return Attempt.none(End.UNREACHABLE, "no route");
      }
      try (HeldPort port = walk.hold(source)) {
        return walk.walk(port, end(each, member), isSmtp(each));
      } catch (IOException e) {
        return Attempt.none(End.FAILED, String.valueOf(e.getMessage()));
      }
    }

    private ServerSeen seen(Behind each, Attempt own) {
      InetAddress member = addresses.get(each);
      boolean beside =
          member == null || networks.stream().anyMatch(network -> network.contains(member));
      return new ServerSeen(
          each, beside, member == null ? null : neighbours.get(member), own, List.of());
    }

    /** With tries through the VIPs of those that are beside us. */
    private List<ServerSeen> through(List<ServerSeen> servers) {
      List<Try> tries = new ArrayList<>();
      try {
        for (ServerSeen each : servers) {
          InetAddress member = addresses.get(each.server());
          InetAddress source = member == null ? null : machine.sourceTowards(member);
          if (member != null && source != null && each.beside()) {
            for (InetAddress vip : each.server().vips()) {
              tries.add(aTry(each.server(), source, member, vip, tries));
            }
          }
        }
        return tried(servers, tries);
      } finally {
        tries.forEach(Try::close);
      }
    }

    private Try aTry(
        Behind server, InetAddress source, InetAddress member, InetAddress vip, List<Try> before) {
      if (before.size() >= MOST) {
        return new Try(server, member, vip, null, source, MOST + " are tried at once");
      }
      try {
        HeldPort held = walk.hold(source);
        if (before.stream().noneMatch(each -> each.port() == held.number())) {
          return new Try(server, member, vip, held, source, "");
        }
        held.close(); // The kernel gives one number twice for two addresses of ours.
        return new Try(server, member, vip, null, source, "its port was taken");
      } catch (IOException e) {
        return new Try(server, member, vip, null, source, String.valueOf(e.getMessage()));
      }
    }

    private List<ServerSeen> tried(List<ServerSeen> servers, List<Try> tries) {
      List<Attempt> attempts = new ArrayList<>();
      CheckSeen noted = CheckSeen.NOTHING;
      try {
        noted =
            tools.during(
                device,
                rows(tries),
                () -> attempts.addAll(WALKERS.each(tries, Round.this::walk, _ -> late())));
      } catch (KernelException e) {
        attempts.clear();
        tries.forEach(
            _ -> attempts.add(Attempt.none(End.NOT_TRIED, String.valueOf(e.getMessage()))));
      }
      Map<Behind, List<VipSeen>> found = new LinkedHashMap<>();
      for (int i = 0; i < attempts.size(); i++) {
        Try each = tries.get(i);
        found
            .computeIfAbsent(each.server, _ -> new ArrayList<>())
            .add(VipSeen.of(each.vip, attempts.get(i), each.port(), noted));
      }
      return servers.stream()
          .map(each -> each.through(found.getOrDefault(each.server(), List.of())))
          .toList();
    }

    private static List<CheckRow> rows(List<Try> tries) {
      return tries.stream()
          .filter(each -> each.held != null)
          .map(each -> new CheckRow(each.port(), each.own, each.member, each.vip))
          .toList();
    }

    private Attempt walk(Try each) {
      return each.held == null
          ? Attempt.none(End.NOT_TRIED, each.why)
          : walk.walk(each.held, end(each.server, each.member), isSmtp(each.server));
    }

    private ClaimsSeen claims(InetAddress vip) {
      InetAddress own =
          networks.stream()
              .map(Prefix::address)
              .filter(each -> each.getClass() == vip.getClass() && !each.isLinkLocalAddress())
              .findFirst()
              .orElse(vip);
      return tools.claims(device, own, vip, machine.where(vip).here());
    }

    private ClaimsSeen unasked(InetAddress vip) {
      return new ClaimsSeen(vip, machine.where(vip).here(), Set.of(), late().said());
    }

    private Map<String, Behind> owners() {
      Map<String, Behind> owners = new HashMap<>();
      addresses.forEach((each, address) -> {
        String mac = neighbours.get(address);
        if (mac != null) {
          owners.put(mac, each);
        }
      });
      return owners;
    }
  }

  /**
   * A try through a VIP.
   *
   * @param held the port that it leaves from; null for none
   * @param why none
   */
  private record Try(
      Behind server,
      InetAddress member,
      InetAddress vip,
      @Nullable HeldPort held,
      InetAddress own,
      String why) {
    int port() {
      return held == null ? 0 : held.number();
    }

    void close() {
      if (held != null) {
        held.close();
      }
    }
  }

  private static InetSocketAddress end(Behind server, InetAddress member) {
    return new InetSocketAddress(member, server.port());
  }

  private static boolean isSmtp(Behind server) {
    return server.port() != IMPLICIT_TLS;
  }

  private static Attempt late() {
    return Attempt.none(End.NOT_TRIED, "%d s were over".formatted(STEP.toSeconds()));
  }
}
