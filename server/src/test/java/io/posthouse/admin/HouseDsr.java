package io.posthouse.admin;

import io.posthouse.config.ConfigFile;
import io.posthouse.door.BadQuestionException;
import io.posthouse.dsr.Behind;
import io.posthouse.dsr.CheckSeen.Answer;
import io.posthouse.dsr.ClaimsSeen;
import io.posthouse.dsr.ClientWay;
import io.posthouse.dsr.DsrChecker;
import io.posthouse.dsr.DsrVerdicts;
import io.posthouse.dsr.ServerSeen;
import io.posthouse.dsr.VipSeen;
import io.posthouse.path.Attempt;
import io.posthouse.path.End;
import io.posthouse.smtp.Reply;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Servers of a house: ex1 does not have the VIP, ex2 is well; nobody is asked by ARP. */
final class HouseDsr implements DsrChecker {
  private static final Duration MS = Duration.ofMillis(2);
  private static final InetAddress VIP = InetAddress.ofLiteral("10.77.0.100");

  @Override
  public List<Behind> plan() {
    String file =
        """
        version: 1
        pools:
          hub: { members: { ex1: 10.77.0.21:25, ex2: 10.77.0.22:25 } }
        virtual-servers:
          MAIL: { listen: 10.77.0.100:25, mode: dsr, pool: hub }
        """;
    return switch (ConfigFile.read("posthouse.yaml", file)) {
      case ConfigFile.Read read -> Behind.all(read.configuration());
      case ConfigFile.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  @Override
  public Checked check(String server, @Nullable String member, @Nullable InetAddress client) {
    List<Behind> asked = Behind.named(plan(), member == null ? server : server + "/" + member);
    if (asked.isEmpty()) {
      throw new BadQuestionException("there is no " + server);
    }
    List<ServerSeen> seen = asked.stream().map(HouseDsr::seen).toList();
    List<ClaimsSeen> claims = List.of(new ClaimsSeen(VIP, true, Set.of(), "no arping"));
    List<String> notes = new ArrayList<>(List.of(ClientWay.inGeneral()));
    if (client != null) {
      notes.add(ClientWay.of(client, "eth0", List.of(), ""));
    }
    return new Checked(
        "eth0", 1500, seen, claims, DsrVerdicts.of(server, "eth0", seen, claims, Map.of()), notes);
  }

  private static ServerSeen seen(Behind server) {
    Attempt well = Attempt.of(End.CONNECTED, MS, "").then(Reply.of(220, "mx \u0007\u009b31m"), MS);
    String mac = "02:77:00:00:00:2" + server.member().name().charAt(2);
    boolean has = server.member().name().equals("ex2");
    VipSeen vip =
        new VipSeen(
            VIP,
            has ? well : Attempt.of(End.TIMED_OUT, Attempt.CONNECT, "connect timed out"),
            true,
            false,
            has ? List.of(new Answer(40001, mac, VIP)) : List.of());
    return new ServerSeen(server, true, mac, well, List.of(vip));
  }
}
