package io.posthouse.irule;

import io.posthouse.irule.BigipNames.AddressList;
import io.posthouse.irule.BigipNames.Holds;
import io.posthouse.irule.BigipNames.Virtual;
import io.posthouse.model.IpAddress;
import io.posthouse.policy.Prefix;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads lists, SNAT pools, pools and virtual servers of a bigip.conf. */
final class BigipNamesReader {
  private final TclReader reader;
  private final Map<String, AddressList> lists = new LinkedHashMap<>();
  private final Map<String, @Nullable List<String>> snatPools = new LinkedHashMap<>();
  private final Set<String> pools = new LinkedHashSet<>();
  private final List<Virtual> virtuals = new ArrayList<>();

  private BigipNamesReader(TclReader reader) {
    this.reader = reader;
  }

  static BigipNames read(TclReader reader, List<BigipObject> objects) {
    BigipNamesReader names = new BigipNamesReader(reader);
    for (BigipObject object : objects) {
      switch (object.kind()) {
        case "class", "data-group internal" -> names.lists.put(object.path(), names.list(object));
        case "data-group external", "class external" ->
            names.lists.put(
                object.path(), new AddressList(holds(names.words(object.body())), true, null));
        case "snatpool" -> names.snatPools.put(object.path(), names.addresses(object));
        case "pool" -> names.pools.add(object.path());
        case "virtual" -> names.virtuals.add(names.virtual(object));
        default -> {}
      }
    }
    // A file without a virtual server is an excerpt: what is missing may be elsewhere.
    Set<String> partitions = new LinkedHashSet<>();
    if (!names.virtuals.isEmpty()) {
      objects.forEach(each -> partitions.add(BigipObject.partition(each.path())));
    }
    return new BigipNames(partitions, names.lists, names.snatPools, names.pools, names.virtuals);
  }

  /** All words of a body, in their order, whatever lines they stand in. */
  private List<TclWord> words(TclWord body) {
    try {
      return reader.body(body).stream().flatMap(each -> each.words().stream()).toList();
    } catch (TclException unreadable) {
      return List.of();
    }
  }

  private static @Nullable TclWord behind(List<TclWord> words, String key) {
    for (int i = 0; i + 1 < words.size(); i++) {
      if (!words.get(i).braced() && words.get(i).is(key)) {
        return words.get(i + 1);
      }
    }
    return null;
  }

  private static Holds holds(List<TclWord> words) {
    TclWord type = behind(words, "type");
    return type == null ? Holds.UNKNOWN : type.is("ip") ? Holds.ADDRESSES : Holds.OTHERS;
  }

  /** A data group whose entries stand here. */
  private AddressList list(BigipObject object) {
    List<TclWord> words = words(object.body());
    Holds holds = holds(words);
    TclWord records = behind(words, "records");
    if (holds != Holds.UNKNOWN || records != null) {
      boolean addresses = holds == Holds.ADDRESSES;
      List<TclWord> all = records == null ? List.of() : words(records);
      return new AddressList(holds, false, addresses ? entries(all) : null);
    }
    // Versions 9 and 10: entries stand in braces of their own, or in none.
    List<TclWord> own =
        words.isEmpty() || !words.getFirst().braced() ? words : words(words.getFirst());
    if (own.isEmpty()) {
      return new AddressList(Holds.UNKNOWN, false, null);
    } else if (own.getFirst().is("host") || own.getFirst().is("network")) {
      return new AddressList(Holds.ADDRESSES, false, entries(own));
    }
    return new AddressList(Holds.OTHERS, false, null);
  }

  /** Null when one of them cannot be said in Posthouse: half a list would be another list. */
  private static @Nullable List<String> entries(List<TclWord> words) {
    Set<String> entries = new LinkedHashSet<>();
    for (int i = 0; i < words.size(); i++) {
      TclWord word = words.get(i);
      String text = word.literal();
      if (word.braced() || "host".equals(text) || "network".equals(text)) {
        continue;
      }
      String entry = text;
      if (i + 2 < words.size() && words.get(i + 1).is("mask")) {
        entry = text + "/" + bits(words.get(i + 2).literal());
        i += 2;
      }
      String network = entry == null ? "" : network(entry);
      if (network.isEmpty()) {
        return null;
      }
      entries.add(network);
    }
    return List.copyOf(entries);
  }

  /**
   * The form of Posthouse; empty when it is none, or F5 may take it for something else: bits behind
   * the network, IPv4 in IPv6 clothes.
   */
  static String network(String text) {
    return Prefix.parse(text)
        .filter(Prefix::isNetwork)
        .filter(each -> each.address() instanceof Inet4Address == (text.indexOf(':') < 0))
        .map(Prefix::network)
        .orElse("");
  }

  /** How many bits a mask has; -1 for none. */
  private static int bits(@Nullable String mask) {
    if (mask == null || !IpAddress.isIpv4(mask)) {
      return -1;
    }
    long value = 0;
    for (String octet : mask.split("\\.", -1)) {
      value = value << 8 | Integer.parseInt(octet);
    }
    int bits = Long.bitCount(value);
    return value == (0xFFFF_FFFFL << (32 - bits) & 0xFFFF_FFFFL) ? bits : -1;
  }

  /** Those of a SNAT pool; null when one of its members is no address. */
  private @Nullable List<String> addresses(BigipObject object) {
    List<String> addresses = new ArrayList<>();
    for (TclWord word : words(object.body())) {
      for (TclWord each : word.braced() ? words(word) : List.of(word)) {
        String text = each.literal();
        if (each.braced() || "member".equals(text) || "members".equals(text)) {
          continue;
        }
        String address = text == null ? "" : text.substring(text.lastIndexOf('/') + 1);
        if (IpAddress.parse(address).isEmpty() || address.indexOf('%') >= 0) {
          return null;
        }
        addresses.add(address);
      }
    }
    return addresses.isEmpty() ? null : addresses;
  }

  private Virtual virtual(BigipObject object) {
    List<TclWord> words = words(object.body());
    TclWord destination = behind(words, "destination");
    String to = destination == null ? null : destination.literal();
    Set<String> rules = new LinkedHashSet<>();
    TclWord listed = behind(words, "rules");
    if (listed != null) {
      for (TclWord rule : listed.braced() ? words(listed) : List.of(listed)) {
        String name = rule.literal();
        rules.add(BigipObject.path(name == null ? "" : name));
      }
    }
    return new Virtual(object.name(), to == null ? "" : port(to), rules, snat(words));
  }

  /** Behind a colon; behind a dot where the address has colons itself. */
  private static String port(String destination) {
    int colon = destination.indexOf(':');
    boolean ipv4 = colon >= 0 && colon == destination.lastIndexOf(':');
    return destination.substring(destination.lastIndexOf(ipv4 ? ':' : '.') + 1);
  }

  private @Nullable String snat(List<TclWord> words) {
    TclWord old = behind(words, "snat");
    TclWord now = behind(words, "source-address-translation");
    List<TclWord> said = now == null ? words : now.braced() ? words(now) : List.of();
    TclWord pool = behind(said, now == null ? "snatpool" : "pool");
    String name = pool == null ? null : pool.literal();
    if (name != null) {
      return BigipObject.path(name);
    } else if (old == null && now == null) {
      return "none";
    }
    TclWord type = now == null ? old : behind(said, "type");
    return type == null ? null : type.literal();
  }
}
