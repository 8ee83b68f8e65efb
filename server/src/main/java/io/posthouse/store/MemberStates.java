package io.posthouse.store;

import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.model.AdminState;
import io.posthouse.model.Configuration;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * States of members that were set at run time, kept on disk over restarts.
 *
 * <p>Each is remembered with the state that the file gave at that time; when the file says
 * something else since, the administrator has edited it, and the file wins.
 *
 * <p>What cannot be written is kept in memory all the same and written with the next change; that
 * is said once, until a write succeeds. A file that could be neither read nor set aside is not
 * written over: it is read again before the next write, and what was set meanwhile wins over it.
 */
public final class MemberStates {
  private static final String NAME = "member-states.json";
  private static final long MAX_OCTETS = 16 << 20;

  private final Path file;
  private final EventSink events;
  private final Map<MemberName, Setting> settings = new LinkedHashMap<>();
  private boolean failing;

  /** Whether the file holds something that nobody knows yet. */
  private boolean unread;

  private MemberStates(Path file, EventSink events) {
    this.file = file;
    this.events = events;
  }

  /**
   * Reads what is in the state directory; nothing yet is nothing set. A file that makes no sense is
   * renamed and said, and all members start as the configuration has them.
   */
  public static MemberStates open(Path stateDirectory, EventSink events) {
    MemberStates states = new MemberStates(stateDirectory.resolve(NAME), events);
    states.read();
    return states;
  }

  /** The state in effect: what was set at run time, unless the file was edited since. */
  public synchronized AdminState stateOf(String pool, Member member) {
    Setting setting = settings.get(new MemberName(pool, member.name()));
    return setting == null || setting.inFile() != member.state() ? member.state() : setting.state();
  }

  /** Sets a state at run time and keeps it; the file's own state needs no keeping. */
  public synchronized void set(String pool, Member member, AdminState state) {
    MemberName key = new MemberName(pool, member.name());
    Setting next = new Setting(state, member.state());
    // What the unread file says of the member must not outlive its enable: kept until then.
    boolean forget = state == member.state() && !unread;
    boolean changed = forget ? settings.remove(key) != null : !next.equals(settings.put(key, next));
    if (changed || failing) {
      write();
    }
  }

  /**
   * Forgets members that a configuration in effect no longer has, or whose state in it was edited;
   * call it after each that was applied.
   */
  public synchronized void reconcile(Configuration configuration) {
    if (settings.entrySet().removeIf(e -> isObsolete(configuration, e.getKey(), e.getValue()))) {
      write();
    }
  }

  private static boolean isObsolete(Configuration configuration, MemberName key, Setting setting) {
    Pool pool = configuration.pools().get(key.pool());
    Member member = pool == null ? null : pool.members().get(key.member());
    return member == null || member.state() != setting.inFile();
  }

  private void read() {
    unread = false;
    try {
      if (Files.size(file) > MAX_OCTETS) {
        throw new IllegalArgumentException("too large");
      }
      StatesJson.read(Files.readAllBytes(file)).forEach(settings::putIfAbsent);
      settings.values().removeIf(setting -> setting.state() == setting.inFile());
    } catch (NoSuchFileException nothingSet) {
      // All members start as the configuration has them.
    } catch (IOException unreadable) {
      unread = true;
      fail("read", unreadable);
    } catch (RuntimeException corrupt) {
      setAside(corrupt);
    }
  }

  private void setAside(RuntimeException corrupt) {
    Path aside = file.resolveSibling(NAME + ".corrupt");
    String reason = String.valueOf(corrupt.getMessage()).lines().findFirst().orElse("");
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      events.emit(
          Event.of(
              EventKind.STORE_CORRUPT,
              "file",
              aside.toString(),
              "reason",
              reason,
              "remedy",
              "all members have their states of the configuration file; set drained ones again"));
    } catch (IOException stuck) {
      unread = true;
      fail("set aside", stuck);
    }
  }

  private void write() {
    if (unread) {
      read();
    }
    if (unread) {
      return;
    }
    try {
      Path directory = file.getParent();
      if (directory != null) {
        StateDirectory.make(directory);
      }
      StateDirectory.replace(file, StatesJson.write(settings));
      failing = false;
    } catch (IOException failure) {
      fail("write", failure);
    }
  }

  private void fail(String what, IOException failure) {
    if (failing) {
      return;
    }
    failing = true;
    events.emit(
        Event.of(
            EventKind.STORE_FAILED,
            "file",
            file.toString(),
            "cannot",
            what,
            "reason",
            Reason.of(failure),
            "remedy",
            "free space, or let Posthouse's user read and write there; until then states last until the next restart"));
  }
}
