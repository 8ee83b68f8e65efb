package io.posthouse.switching;

import io.netty.channel.ChannelHandler;
import io.posthouse.model.Announce;
import io.posthouse.model.IpAddress;
import io.posthouse.net.ClientIdentity;
import io.posthouse.net.ProxyAnnouncement;
import io.posthouse.net.TlsFacts;
import io.posthouse.proxyprotocol.ProxyHeader;
import io.posthouse.smtp.Command;
import io.posthouse.smtp.Reply;
import io.posthouse.smtp.session.Transaction;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What members are told about a link's client, and by what means: XCLIENT, a header of the PROXY
 * protocol, or a Received header. It follows what a believed peer says of the client.
 */
final class Announcement {
  /** What Postfix takes for a name that nobody has looked up. */
  private static final String NOT_LOOKED_UP = "[TEMPUNAVAIL]";

  private static final String IPV6 = "IPV6:";
  private static final int MAX_NAME = 253;
  private static final Reply BAD_ADDRESS = Reply.of(501, "5.5.4 Bad ADDR or PORT");
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);

  private final Admission admission;

  /** Who connected, or is told by PROXY to have. */
  private final ClientIdentity peer;

  private String name = NOT_LOOKED_UP;

  /** A new one whenever what a connection was told in front no longer holds. */
  private Object link = new Object();

  Announcement(Admission admission) {
    this.admission = admission;
    this.peer = admission.identity();
  }

  /** Who connected, or is told by PROXY to have: the one who may be believed. */
  InetAddress peer() {
    return peer.address();
  }

  /** How members are told. */
  private Announce how() {
    return admission.route().pool().pool().announce();
  }

  /** What makes a connection one for this client alone; null when any client may have it. */
  @Nullable Object identity() {
    return switch (how()) {
      case NONE, HEADER -> null;
      case PROXY_V1, PROXY_V2 -> link;
      case XCLIENT -> xclient();
    };
  }

  /**
   * What a PROXY header would say has changed, or the link is over: connections that began with one
   * serve nobody any more.
   */
  void renew() {
    Object before = link;
    link = new Object();
    if (admission.isIn() && how().isProxy()) {
      admission.route().pool().members().values().forEach(each -> each.idle().evict(before));
    }
  }

  /**
   * The handler that a connection to a member begins with; null for none.
   *
   * @param tls what the client's handshake came to; null in plain
   */
  @Nullable ChannelHandler preface(@Nullable TlsFacts tls) {
    return ProxyAnnouncement.preface(how(), admission.identity(), tls);
  }

  /** The XCLIENT that a member is to be told; null for none. */
  Command.@Nullable XClient told() {
    return how() == Announce.XCLIENT ? xclient() : null;
  }

  /** XCLIENT for this client; its address stands last, so that it is the one that counts. */
  private Command.XClient xclient() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("NAME", name);
    attributes.put("ADDR", literal(admission.address(), IPV6));
    return new Command.XClient(attributes);
  }

  private static String literal(InetAddress address, String ipv6) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    String bare = zone < 0 ? text : text.substring(0, zone);
    return address instanceof Inet6Address ? ipv6 + bare : bare;
  }

  /** A believed peer says who the client is: the reply that refuses it, or null. */
  @Nullable Reply identify(Command.XClient said) {
    Map<String, String> attributes = said.attributes();
    InetAddress client = address(attributes.get("ADDR"));
    int port = port(attributes.get("PORT"));
    if (client == null || port < 0) {
      return BAD_ADDRESS;
    }
    String told = attributes.get("NAME");
    name = told == null || !isHostName(told) ? NOT_LOOKED_UP : told;
    renew();
    return admission.change(
        new ClientIdentity(
            new InetSocketAddress(client, port), admission.identity().destination(), true));
  }

  /** Its host name in lower case, where a believed peer has said one; else empty. */
  String hostName() {
    return name.startsWith("[") ? "" : name.toLowerCase(Locale.ROOT);
  }

  /** What is not said stays; of a client that is not known the peer is the one we know. */
  private @Nullable InetAddress address(@Nullable String said) {
    if (said == null) {
      return admission.address();
    } else if (said.startsWith("[")) {
      return peer.address();
    }
    boolean ipv6 = said.regionMatches(true, 0, IPV6, 0, IPV6.length());
    return IpAddress.parse(ipv6 ? said.substring(IPV6.length()) : said)
        .filter(ProxyHeader::isHost)
        .orElse(null);
  }

  private int port(@Nullable String said) {
    if (said == null) {
      return admission.identity().client().getPort();
    } else if (said.startsWith("[")) {
      return peer.client().getPort();
    }
    return said.matches("[0-9]{1,5}") && Integer.parseInt(said) <= 65_535
        ? Integer.parseInt(said)
        : -1;
  }

  /** Only what can stand in a header and a command without any encoding. */
  private static boolean isHostName(String text) {
    return text.length() <= MAX_NAME && text.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?");
  }

  /**
   * The trace header of a message (RFC 5321 section 4.4), its line end included; empty where
   * members are told otherwise.
   *
   * @param hostname our own name
   * @param tls what the client's handshake came to; null in plain
   */
  String trace(Transaction message, String hostname, @Nullable TlsFacts tls, Instant now) {
    if (how() != Announce.HEADER) {
      return "";
    }
    String known = name.startsWith("[") ? "" : name + ' ';
    String secure = tls == null ? "" : " (" + tls.version() + ' ' + tls.cipher() + ')';
    return "Received: from "
        + safe(message.hello().name())
        + " ("
        + known
        + '['
        + literal(admission.address(), "IPv6:")
        + "])"
        + secure
        + "\r\n\tby "
        + hostname
        + " (Posthouse) with "
        + protocol(message, tls)
        + ";\r\n\t"
        + DATE.format(now)
        + "\r\n";
  }

  /** RFC 3848, and RFC 6531 section 4.3. */
  private static String protocol(Transaction message, @Nullable TlsFacts tls) {
    if (!message.hello().extended()) {
      return "SMTP";
    }
    return (message.mail().isUtf8() ? "UTF8SMTP" : "ESMTP")
        + (tls == null ? "" : "S")
        + (message.isPinned() ? "A" : "");
  }

  /** What a client calls itself, without anything that means something in a header. */
  private static String safe(String hello) {
    return hello.replaceAll("[^A-Za-z0-9.:_\\[\\]-]", "?");
  }
}
