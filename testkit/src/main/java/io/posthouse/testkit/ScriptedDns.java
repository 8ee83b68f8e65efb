package io.posthouse.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A DNS server on a free port of 127.0.0.1, over UDP and TCP, that answers as a test wants it to.
 * What it was not told of is no name (NXDOMAIN), for a minute.
 */
public final class ScriptedDns implements AutoCloseable {
  private static final int A = 1;
  private static final int SOA = 6;
  private static final int PTR = 12;
  private static final int AAAA = 28;
  private static final int TIES = 20;

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  private enum Kind {
    RECORDS,
    SERVFAIL,
    SILENCE,
    GARBAGE,
    TRUNCATED
  }

  private record Reply(Kind kind, int type, int seconds, List<byte[]> records) {}

  private ScriptedDns(DatagramSocket udp, ServerSocket tcp) {
    this.udp = udp;
    this.tcp = tcp;
    Thread.ofVirtual().name("scripted-dns").start(this::serveUdp);
    Thread.ofVirtual().name("scripted-dns-tcp").start(this::serveTcp);
  }

  /** Starts one. */
  public static ScriptedDns start() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try {
      for (int i = 0; i < TIES; i++) {
        ServerSocket tcp = new ServerSocket(0, 50, loopback);
        try {
          return new ScriptedDns(new DatagramSocket(tcp.getLocalPort(), loopback), tcp);
        } catch (IOException taken) {
          tcp.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("no port that is free for UDP and TCP");
  }

  /** Its port. */
  public int port() {
    return tcp.getLocalPort();
  }

  /** What it was asked so far, as {@code name type}; once for each question that arrived. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** A name has these addresses, all of one family. */
  public void addresses(String name, int seconds, String... addresses) {
    List<byte[]> records =
        Arrays.stream(addresses).map(text -> InetAddress.ofLiteral(text).getAddress()).toList();
    int type = records.getFirst().length == 4 ? A : AAAA;
    replies.put(key(name, type), new Reply(Kind.RECORDS, type, seconds, records));
  }

  /** A name points to these names; a label may hold any character but a dot. */
  public void pointers(String name, int seconds, String... names) {
    List<byte[]> records = Arrays.stream(names).map(ScriptedDns::name).toList();
    replies.put(key(name, PTR), new Reply(Kind.RECORDS, PTR, seconds, records));
  }

  /** A question for addresses or pointers of the name is answered with SERVFAIL. */
  public void fails(String name) {
    all(name, Kind.SERVFAIL);
  }

  /** It is not answered. */
  public void ignores(String name) {
    all(name, Kind.SILENCE);
  }

  /** It is answered with what is no answer. */
  public void garbles(String name) {
    all(name, Kind.GARBAGE);
  }

  /** The answer over UDP is cut off; over TCP these addresses come. */
  public void cutsOff(String name, int seconds, String... addresses) {
    addresses(name, seconds, addresses);
    replies.computeIfPresent(
        key(name, A), (_, whole) -> new Reply(Kind.TRUNCATED, A, seconds, whole.records()));
  }

  /** It is no name again. */
  public void forgets(String name) {
    for (int type : new int[] {A, AAAA, PTR}) {
      replies.remove(key(name, type));
    }
  }

  private void all(String name, Kind kind) {
    for (int type : new int[] {A, AAAA, PTR}) {
      replies.put(key(name, type), new Reply(kind, type, 0, List.of()));
    }
  }

  private static String key(String name, int type) {
    return name.toLowerCase(Locale.ROOT) + ' ' + type;
  }

  private void serveUdp() {
    byte[] buffer = new byte[1500];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()), true);
        if (answer.length > 0) {
          udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try (Socket client = tcp.accept()) {
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] question = new byte[in.readUnsignedShort()];
        in.readFully(question);
        byte[] answer = answer(question, false);
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        out.writeShort(answer.length);
        out.write(answer);
        out.flush();
        in.read(); // The client closes when it has read.
      } catch (IOException ended) {
        // The next one, or the end.
      }
    }
  }

  /** The answer to a question; empty for none. */
  private byte[] answer(byte[] question, boolean overUdp) {
    ByteBuffer in = ByteBuffer.wrap(question);
    in.position(12);
    StringBuilder name = new StringBuilder();
    for (int length = in.get(); length > 0; length = in.get()) {
      byte[] label = new byte[length];
      in.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
    }
    int type = in.getShort();
    in.getShort();
    asked.add(name + " " + word(type));
    Reply reply = replies.get(key(name.toString(), type));
    byte[] asks = Arrays.copyOfRange(question, 12, in.position());
    if (reply == null) {
      return message(question, asks, 0x8183, List.of(), SOA, 60);
    }
    return switch (reply.kind()) {
      case SILENCE -> new byte[0];
      case GARBAGE ->
          new byte[] {question[0], question[1], (byte) 0x81, 0, 0, 1, 0, 9, 0, 0, 0, 0, 9};
      case SERVFAIL -> message(question, asks, 0x8182, List.of(), type, 0);
      case TRUNCATED ->
          overUdp
              ? message(question, asks, 0x8380, List.of(), type, 0)
              : message(question, asks, 0x8180, reply.records(), type, reply.seconds());
      case RECORDS -> message(question, asks, 0x8180, reply.records(), type, reply.seconds());
    };
  }

  private static String word(int type) {
    return switch (type) {
      case A -> "A";
      case AAAA -> "AAAA";
      case PTR -> "PTR";
      default -> String.valueOf(type);
    };
  }

  private static byte[] message(
      byte[] question, byte[] asks, int flags, List<byte[]> records, int type, int seconds) {
    boolean none = type == SOA;
    ByteBuffer out = ByteBuffer.allocate(4096);
    out.put(question, 0, 2).putShort((short) flags).putShort((short) 1);
    out.putShort((short) records.size()).putShort((short) (none ? 1 : 0)).putShort((short) 0);
    out.put(asks);
    for (byte[] each : none ? List.of(soa(seconds)) : records) {
      out.putShort((short) 0xC00C).putShort((short) type).putShort((short) 1).putInt(seconds);
      out.putShort((short) each.length).put(each);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /** Its last number is for how long a name that is none holds. */
  private static byte[] soa(int seconds) {
    return ByteBuffer.allocate(22)
        .put((byte) 0)
        .put((byte) 0)
        .putInt(1)
        .putInt(1)
        .putInt(1)
        .putInt(1)
        .putInt(seconds)
        .array();
  }

  private static byte[] name(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : text.split("\\.", -1)) {
      byte[] octets = label.getBytes(StandardCharsets.ISO_8859_1);
      out.write(octets.length);
      out.writeBytes(octets);
    }
    out.write(0);
    return out.toByteArray();
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
