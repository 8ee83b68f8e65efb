package io.posthouse.net;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.Future;
import io.posthouse.edge.Answer;
import io.posthouse.edge.Lookup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The questions of one loop to DNS servers. Everything is for the loop's thread, but {@link
 * #prepare}.
 *
 * <p>Each question leaves from a socket of its own, so that neither its port nor its number can be
 * guessed (RFC 5452 section 9.2), and goes over TCP when the answer is cut off. The servers are
 * asked in turn, a single one twice; who is asked already is not asked again. There are at most
 * {@value #MOST_QUESTIONS} questions to lists at once, and as many about names that clients choose:
 * neither takes the other's room.
 */
final class LoopDns {
  private static final int MOST_QUESTIONS = 500;
  private static final int LEAST_TRIES = 2;
  private static final int MOST_TRIES = 3;
  private static final long FAILED_SECONDS = 10;

  private final Dns dns;
  private final Loop loop;
  private final long queryMillis;
  private final Map<Lookup, List<Consumer<Answer>>> toLists = new HashMap<>();
  private final Map<Lookup, List<Consumer<Answer>>> aboutClients = new HashMap<>();
  private volatile @Nullable DnsNameResolver resolver;

  LoopDns(Dns dns, Loop loop, long queryMillis) {
    this.dns = dns;
    this.loop = loop;
    this.queryMillis = queryMillis;
  }

  /** Makes what asks; from any thread. */
  synchronized void prepare() {
    if (resolver != null) {
      return;
    }
    resolver =
        new DnsNameResolverBuilder(loop.eventLoop())
            .datagramChannelFactory(EpollDatagramChannel::new)
            .socketChannelFactory(EpollSocketChannel::new)
            .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
            .queryTimeoutMillis(queryMillis)
            .resolveCache(NoopDnsCache.INSTANCE)
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
            .hostsFileEntriesResolver((_, _) -> null)
            .nameServerProvider(_ -> DnsServerAddresses.sequential(dns.resolvers()).stream())
            .searchDomains(List.of())
            .ndots(1)
            .build();
  }

  void ask(Lookup lookup, Consumer<Answer> then) {
    Map<Lookup, List<Consumer<Answer>>> waiting = waiting(lookup);
    List<Consumer<Answer>> others = waiting.get(lookup);
    if (others != null) {
      others.add(then);
      return;
    }
    List<InetSocketAddress> servers = dns.resolvers();
    DnsNameResolver by = resolver;
    List<Consumer<Answer>> askers = new ArrayList<>(1);
    askers.add(then);
    if (by == null || servers.isEmpty() || waiting.size() >= MOST_QUESTIONS) {
      loop.execute(() -> askers.forEach(each -> each.accept(Answer.NOT_ASKED)));
      return;
    }
    waiting.put(lookup, askers);
    tryServer(by, lookup, servers, 0);
  }

  private Map<Lookup, List<Consumer<Answer>>> waiting(Lookup lookup) {
    return lookup.type() == Lookup.Type.LIST ? toLists : aboutClients;
  }

  void forget(Lookup lookup, Consumer<Answer> then) {
    List<Consumer<Answer>> askers = waiting(lookup).get(lookup);
    if (askers != null) {
      askers.remove(then); // The question goes on: its answer may be of use to the next.
    }
  }

  private void tryServer(
      DnsNameResolver by, Lookup lookup, List<InetSocketAddress> all, int tries) {
    dns.asked();
    InetSocketAddress server = all.get(tries % all.size());
    by.query(server, question(lookup))
        .addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> done) -> {
          DnsReply reply = reply(lookup, done);
          int most = Math.clamp(all.size(), LEAST_TRIES, MOST_TRIES);
          if (reply.answer().kind() == Answer.Kind.FAILED && tries + 1 < most) {
            tryServer(by, lookup, all, tries + 1);
          } else {
            answered(lookup, reply);
          }
        });
  }

  /** Names are host names by now ({@code HostName}, {@code EdgeSettings}): nothing is thrown. */
  private static DnsQuestion question(Lookup lookup) {
    return new DefaultDnsQuestion(lookup.name() + ".", type(lookup));
  }

  private static DnsReply reply(
      Lookup lookup, Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> done) {
    if (!done.isSuccess()) {
      return DnsReply.failed(FAILED_SECONDS);
    }
    AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = done.getNow();
    try {
      return DnsReply.read(lookup, envelope.content(), FAILED_SECONDS);
    } finally {
      envelope.release();
    }
  }

  private void answered(Lookup lookup, DnsReply reply) {
    dns.keep(lookup, reply.answer(), reply.seconds());
    List<Consumer<Answer>> askers = waiting(lookup).remove(lookup);
    if (askers != null) {
      // One that hears it may have another take its question back.
      List.copyOf(askers).forEach(each -> each.accept(reply.answer()));
    }
  }

  private static DnsRecordType type(Lookup lookup) {
    return switch (lookup.type()) {
      case LIST, A -> DnsRecordType.A;
      case AAAA -> DnsRecordType.AAAA;
      case PTR -> DnsRecordType.PTR;
    };
  }
}
