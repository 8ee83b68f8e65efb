package io.posthouse.probe;

import io.posthouse.door.Ticker;
import io.posthouse.health.ProbeOrder;
import io.posthouse.health.ProbeResult;
import io.posthouse.health.ProbeStep;
import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the member's address and asks it in the way of its monitor. */
final class Probes implements Prober {
  private final Resolver resolver;
  private final TcpProbe tcp;
  private final SmtpProbe smtp;
  private final ExecProbe exec;

  Probes(Resolver resolver, Path configuration, Ticker ticker) {
    this.resolver = resolver;
    this.tcp = new TcpProbe(ticker);
    this.smtp = new SmtpProbe(ticker, new Issuers(configuration));
    this.exec = new ExecProbe(ticker);
  }

  @Override
  public Outcome ask(ProbeOrder order, String hostname) {
    String host = order.address().host();
    InetSocketAddress address;
    try {
      Optional<InetAddress> literal = IpAddress.parse(host);
      InetAddress found = literal.isPresent() ? literal.get() : resolver.resolve(host);
      address = new InetSocketAddress(found, order.port());
    } catch (UnknownHostException e) {
      DialogueLog log = new DialogueLog();
      String reason = "no address is known for " + host;
      log.note(reason);
      return Outcome.of(new ProbeResult.Failed(ProbeStep.RESOLVE, reason), log);
    }
    return switch (order.monitor().type()) {
      case TCP -> tcp.run(order, address);
      case SMTP -> smtp.run(order, address, hostname);
      case EXEC -> exec.run(order, address);
    };
  }

  @Override
  public void close() {
    exec.close();
  }
}
