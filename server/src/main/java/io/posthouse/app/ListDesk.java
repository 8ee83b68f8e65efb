package io.posthouse.app;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.door.ListStatus;
import io.posthouse.model.Configuration;
import io.posthouse.model.DataGroup;
import io.posthouse.model.Spelled;
import io.posthouse.policy.AddressSet;
import io.posthouse.policy.DataGroups;
import io.posthouse.policy.DomainSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The data groups of what runs, kept as new as their list files.
 *
 * <p>A list is long and takes its time, so looks have a thread of their own: it reads and builds,
 * and hands over what is finished. New content is tried when two looks in a row saw the same. What
 * cannot be used is tried, and told, once; the old list stays.
 *
 * <p>Only the reconciler's thread writes what runs. {@link #look} is for one thread at a time,
 * {@link #groups} and {@link #status} are for any.
 */
final class ListDesk {
  private final Path directory;
  private final EventSink events;
  private final Executor reconciler;
  private final AtomicBoolean looking = new AtomicBoolean();

  /**
   * What each file held at the last look, by the names of the groups: for the thread that looks.
   */
  private final Map<String, String> seen = new HashMap<>();

  private volatile Consumer<DataGroups> changed = groups -> {};
  private volatile Prepared running = Prepared.of(Map.of());

  /** The groups of one configuration; each is only equal to itself. */
  static final class Prepared {
    private final Map<String, LoadedGroup> loaded;
    private final DataGroups groups;

    private Prepared(Map<String, LoadedGroup> loaded, DataGroups groups) {
      this.loaded = loaded;
      this.groups = groups;
    }

    private static Prepared of(Map<String, LoadedGroup> loaded) {
      Map<String, AddressSet> addresses = new LinkedHashMap<>();
      Map<String, DomainSet> domains = new LinkedHashMap<>();
      loaded.forEach((name, group) -> {
        if (group.addresses() != null) {
          addresses.put(name, group.addresses());
        } else if (group.domains() != null) {
          domains.put(name, group.domains());
        }
      });
      return new Prepared(loaded, new DataGroups(Map.copyOf(addresses), Map.copyOf(domains)));
    }

    /** The groups, for whoever uses them. */
    DataGroups groups() {
      return groups;
    }
  }

  /**
   * Nothing is loaded yet.
   *
   * @param directory what names of files are relative to
   * @param reconciler runs on the reconciler's thread what a look found
   */
  ListDesk(Path directory, EventSink events, Executor reconciler) {
    this.directory = directory;
    this.events = events;
    this.reconciler = reconciler;
  }

  /** Whom to tell, on the reconciler's thread, when a look brought other groups. */
  void whenChanged(Consumer<DataGroups> listener) {
    changed = listener;
  }

  /** What is wrong with the list files of a configuration, a line each. Blocks. */
  static List<String> problems(Configuration configuration, Path directory) {
    try {
      load(configuration, directory, Map.of(), false);
      return List.of();
    } catch (ListException e) {
      return e.problems();
    }
  }

  /**
   * Reads the lists of a configuration; those that are as they were stay. Blocks.
   *
   * @param force whether a list may have shrunk by more than half
   */
  Prepared prepare(Configuration next, boolean force) throws ListException {
    return Prepared.of(load(next, directory, running.loaded, force));
  }

  private static Map<String, LoadedGroup> load(
      Configuration next, Path directory, Map<String, LoadedGroup> before, boolean force)
      throws ListException {
    Map<String, LoadedGroup> loaded = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (DataGroup group : next.dataGroups().values()) {
      String name = group.name();
      try {
        loaded.put(name, LoadedGroup.load(group, directory, before.get(name), force));
      } catch (ListException e) {
        e.problems().forEach(problem -> problems.add("data-groups." + name + ".file: " + problem));
      }
    }
    if (!problems.isEmpty()) {
      throw new ListException(problems);
    }
    return loaded;
  }

  /** Uses what was prepared. */
  void take(Prepared prepared) {
    running = prepared;
  }

  /** The groups in use. */
  DataGroups groups() {
    return running.groups();
  }

  /** What people are told of the groups. */
  List<ListStatus> status() {
    return running.loaded.values().stream().map(ListDesk::status).toList();
  }

  private static ListStatus status(LoadedGroup group) {
    DataGroup settings = group.settings();
    ListFile file = group.file();
    return new ListStatus(
        settings.name(),
        Spelled.of(settings.type()),
        file == null ? "" : file.name(),
        group.size(),
        group.problem());
  }

  /** Looks on a thread of its own, unless the last look is still under way. */
  void lookAside() {
    boolean files = running.loaded.values().stream().anyMatch(group -> group.file() != null);
    if (!files || !looking.compareAndSet(false, true)) {
      return;
    }
    Thread.ofPlatform()
        .daemon()
        .name("lists")
        .start(() -> {
          try {
            look();
          } catch (RuntimeException e) {
            events.emit(Event.of(EventKind.BUG, "where", "lists", "cause", e.toString()));
          } finally {
            looking.set(false);
          }
        });
  }

  /** Reads what has changed on disk, and has the reconciler use it. Blocks. */
  void look() {
    Prepared current = running;
    Map<String, LoadedGroup> fresh = new LinkedHashMap<>();
    current.loaded.forEach((name, group) -> {
      ListFile file = group.file();
      LoadedGroup other = file == null ? null : other(name, group, file.print());
      if (other != null) {
        fresh.put(name, other);
      }
    });
    if (!fresh.isEmpty()) {
      reconciler.execute(() -> take(current, fresh));
    }
  }

  /** What a group comes to by its file of now; null for nothing new. */
  private @Nullable LoadedGroup other(String name, LoadedGroup group, String now) {
    boolean settled = now.equals(seen.put(name, now));
    if (!settled || now.equals(group.tried())) {
      return null;
    }
    try {
      LoadedGroup loaded = LoadedGroup.load(group.settings(), directory, group, false);
      return loaded.print().equals(now) ? loaded : null; // Else it was written just then.
    } catch (ListException e) {
      return group.refused(now, String.join("; ", e.problems()));
    }
  }

  /** Unless another configuration came in between: then the next look finds out. */
  private void take(Prepared expected, Map<String, LoadedGroup> fresh) {
    if (running != expected) {
      return;
    }
    Map<String, LoadedGroup> loaded = new LinkedHashMap<>(expected.loaded);
    loaded.putAll(fresh);
    running = Prepared.of(loaded);
    fresh.forEach(this::tell);
    if (fresh.values().stream().anyMatch(group -> group.problem().isEmpty())) {
      changed.accept(running.groups());
    }
  }

  private void tell(String name, LoadedGroup group) {
    String file = group.file() == null ? "" : group.file().name();
    if (group.problem().isEmpty()) {
      int entries = group.size();
      events.emit(Event.of(EventKind.LIST_TAKEN, "group", name, "file", file, "entries", entries));
    } else {
      events.emit(
          Event.of(
              EventKind.LIST_REFUSED,
              "group",
              name,
              "file",
              file,
              "problem",
              group.problem(),
              "remedy",
              "mend the file; it is looked at every 10 s"));
    }
  }
}
