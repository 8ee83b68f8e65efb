package io.posthouse.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.posthouse.backend.BackendKey;
import io.posthouse.backend.Caller;
import io.posthouse.backend.Dial;
import io.posthouse.backend.MemberConnections;
import io.posthouse.backend.Refusal;
import io.posthouse.backend.Route;
import io.posthouse.balance.Choice;
import io.posthouse.health.MemberStatus.Work;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.Loop;
import io.posthouse.net.ProxyAnnouncement;
import io.posthouse.net.TlsConnector;
import io.posthouse.net.TlsFacts;
import io.posthouse.persist.ClientKey;
import io.posthouse.persist.PersistenceTable;
import io.posthouse.report.LoopTraffic;
import io.posthouse.report.SenderKey;
import io.posthouse.report.TrafficCount;
import io.posthouse.report.TrafficKey;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A link's way to a member and its connection there: looked for as the client's class says, told
 * who the client is where the pool says so, and given back at the end.
 */
final class RelayMember implements Caller {
  private final RelayLink link;
  private final Loop loop;
  private final Route route;
  private final ClientIdentity client;
  private final @Nullable TlsFacts clientTls;
  private final LoopTraffic traffic;
  private @Nullable Dial dial;
  private @Nullable RelayHandler side;
  private @Nullable EpollSocketChannel channel;
  private @Nullable Choice<MemberConnections> choice;
  private @Nullable ClientKey persistentKey;
  private @Nullable TrafficCount way;

  /**
   * For a client that was let in.
   *
   * @param clientTls what its TLS with us came to; null where there is none
   * @param traffic where the link is counted
   */
  RelayMember(
      RelayLink link,
      Loop loop,
      Route route,
      ClientIdentity client,
      @Nullable TlsFacts clientTls,
      LoopTraffic traffic) {
    this.traffic = traffic;
    this.link = link;
    this.loop = loop;
    this.route = route;
    this.client = client;
    this.clientTls = clientTls;
  }

  /** Begins; the link is called back with a member or a refusal, perhaps before this returns. */
  void search() {
    String hadBefore = null;
    PersistenceTable table = route.persistence();
    if (table != null) {
      ClientKey key = table.key(client.address());
      hadBefore = table.member(key);
      Work work = hadBefore == null ? Work.NONE : route.pool().view().work(hadBefore);
      if (work == Work.LAST_RESORT) {
        hadBefore = null; // Under pressure: ignored for this link, but kept.
      } else {
        persistentKey = key;
      }
    }
    long hash = ClientKey.of(client.address(), 32, 64).hash();
    Dial search = new Dial(route, loop, client.address(), hash, hadBefore, this);
    dial = search;
    search.start();
  }

  @Override
  public void guard(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      link.failed(Side.MEMBER, e);
    }
  }

  @Override
  public ChannelHandler handler(EpollSocketChannel toMember, MemberConnections of, BackendKey key) {
    RelayHandler tried = new RelayHandler(link, Side.MEMBER, toMember);
    TlsConnector connector = route.pool().tls();
    if (connector != null && connector.settings().implicit()) {
      tried.secure(connector.handler(toMember.alloc(), of.member()));
    }
    side = tried;
    return tried;
  }

  @Override
  public @Nullable ChannelHandler preface() {
    return ProxyAnnouncement.preface(route.pool().pool().announce(), client, clientTls);
  }

  @Override
  public @Nullable Future<Channel> handshake(EpollSocketChannel toMember) {
    SslHandler secure = side == null ? null : side.tls();
    return secure == null ? null : secure.handshakeFuture();
  }

  @Override
  public void connected(EpollSocketChannel toMember, Choice<MemberConnections> made) {
    RelayHandler madeSide = side;
    if (madeSide == null) {
      throw new AssertionError("connected without a handler");
    }
    dial = null;
    channel = toMember;
    choice = made;
    made.load().messageBegins();
    count(toMember, made);
    PersistenceTable table = route.persistence();
    if (persistentKey != null && table != null) {
      table.remember(persistentKey, made.name());
    }
    link.joined(madeSide);
  }

  private void count(EpollSocketChannel toMember, Choice<MemberConnections> made) {
    String server = link.serverName();
    String clientClass = route.settings().name();
    String pool = route.pool().name();
    InetAddress source = route.seen(toMember);
    TrafficCount its =
        traffic.count(new TrafficKey(server, clientClass, pool, made.name(), source));
    its.link();
    traffic.sent(new SenderKey(client.address(), server, clientClass, pool));
    way = its;
  }

  @Override
  public void refused(Refusal why) {
    dial = null;
    link.refused(why);
  }

  /** The connection's member, and why it; null before there is one. */
  @Nullable Choice<MemberConnections> choice() {
    return choice;
  }

  /** Closes the connection by a reset, where there is one. */
  void reset() {
    RelayHandler connected = side;
    if (channel != null && connected != null) {
      connected.reset();
    }
  }

  /** Ends the search, or the connection, and gives back what was taken for it. */
  void release() {
    Dial search = dial;
    if (search != null) {
      search.cancel();
    }
    EpollSocketChannel connected = channel;
    if (connected != null) {
      connected.close();
    }
    Choice<MemberConnections> made = choice;
    if (made != null) {
      made.load().messageEnds();
      if (way != null) {
        way.linkEnds(link.octetsIn());
      }
      route.pool().release(made.load());
    }
  }
}
