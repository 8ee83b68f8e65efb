package io.posthouse.app;

import io.posthouse.backend.BackendPool;
import io.posthouse.backend.ConnectObserver;
import io.posthouse.model.*;
import io.posthouse.net.*;
import io.posthouse.relay.TcpServer;
import java.net.*;
import java.time.*;
import java.util.*;

/** The narrowest path: one listener, members from the command line. */
public final class Main {
  private Main() {}

  /** Runs until it is killed: LISTEN MEMBER... */
  public static void main(String[] args) throws Exception {
    Map<String, Member> members = new LinkedHashMap<>();
    for (int i = 1; i < args.length; i++) {
      members.put(
          "m" + i,
          new Member(
              "m" + i, Endpoint.parse(args[i]).orElseThrow(), 1, 0, 0, AdminState.ENABLED, null));
    }
    Pool pool =
        new Pool(
            "pool",
            BalanceMethod.ROUND_ROBIN,
            1,
            List.of(),
            Duration.ofSeconds(5),
            Duration.ZERO,
            new Pool.Queue(100, Duration.ofSeconds(5)),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            members);
    Endpoint listen = Endpoint.parse(args[0]).orElseThrow();
    VirtualServer vs =
        new VirtualServer(
            "vs",
            List.of(listen),
            VirtualServer.Mode.TCP,
            "pool",
            null,
            null,
            Duration.ofMinutes(11),
            0);
    Loops loops = new Loops(0, System::nanoTime);
    LinkLimit limit = new LinkLimit(10000);
    BackendPool backend =
        new BackendPool(
            pool,
            new ConnectObserver() {
              @Override
              public void connectFailed(String p, String m, String r) {
                System.err.println(m + " " + r);
              }

              @Override
              public void connectSucceeded(String p, String m) {}
            },
            Instant.now());
    backend
        .members()
        .forEach((n, c) ->
            c.address(
                new InetSocketAddress(c.member().address().host(), c.member().address().port())));
    TcpServer server =
        new TcpServer(
            new TcpServer.Running(vs, backend, null), loops, limit, e -> System.err.println(e));
    server.run(server.running(), args.length < 4);
    Listener.open(listen, loops, limit, server, e -> System.err.println(e), false);
    System.err.println("ready");
    Thread.currentThread().join();
  }
}
