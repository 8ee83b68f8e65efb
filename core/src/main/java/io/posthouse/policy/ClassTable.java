package io.posthouse.policy;

import io.posthouse.model.ClientClass;
import io.posthouse.model.Configuration;
import io.posthouse.model.VirtualServer;
import io.posthouse.persist.ClientKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The client classes of a virtual server in their order: the first one that an address belongs to
 * is its class; an address of none is refused.
 */
public final class ClassTable {
  /** No class: the client is refused. */
  public static final int NONE = -1;

  private final List<ClientClass> classes;
  private final List<AddressSet[]> from;

  private ClassTable(List<ClientClass> classes, List<AddressSet[]> from) {
    this.classes = classes;
    this.from = from;
  }

  /** The table of a virtual server without classes. */
  public static ClassTable everybody() {
    return new ClassTable(
        List.of(ClientClass.everybody()), List.<AddressSet[]>of(new AddressSet[0]));
  }

  /** The table of a virtual server; without classes everybody is of the one that it is given. */
  public static ClassTable of(
      Configuration configuration, VirtualServer server, DataGroups groups) {
    List<String> names = server.classes();
    if (names == null) {
      return everybody();
    }
    List<ClientClass> classes = new ArrayList<>();
    List<AddressSet[]> from = new ArrayList<>();
    for (String name : names) {
      ClientClass each = configuration.clientClasses().get(name);
      if (each == null) {
        throw new AssertionError("unchecked class " + name);
      }
      classes.add(each);
      from.add(
          each.from().contains(ClientClass.ANY)
              ? new AddressSet[0]
              : each.from().stream().map(groups::addresses).toArray(AddressSet[]::new));
    }
    return new ClassTable(List.copyOf(classes), from);
  }

  /** The classes in their order. */
  public List<ClientClass> classes() {
    return classes;
  }

  /** The index of the class of an address; {@link #NONE} when it is of none. */
  public int match(InetAddress client) {
    ClientKey key = Prefix.whole(client);
    for (int i = 0; i < from.size(); i++) {
      if (contains(from.get(i), key)) {
        return i;
      }
    }
    return NONE;
  }

  /** A class of every address has no sets. */
  private static boolean contains(AddressSet[] sets, ClientKey client) {
    for (AddressSet set : sets) {
      if (set.contains(client)) {
        return true;
      }
    }
    return sets.length == 0;
  }
}
