package io.posthouse.app;

import io.posthouse.backend.MemberConnections;
import io.posthouse.config.ChangePlan;
import io.posthouse.door.ConfigApplier;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.MemberControl;
import io.posthouse.door.UnknownMemberException;
import io.posthouse.kernel.KernelException;
import io.posthouse.ledger.EventLog;
import io.posthouse.model.AdminState;
import io.posthouse.model.Configuration;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import io.posthouse.model.Pool;
import io.posthouse.model.Spelled;
import io.posthouse.net.ListenException;
import io.posthouse.net.TlsException;
import io.posthouse.policy.PoolSources;
import io.posthouse.probe.HealthOwner;
import io.posthouse.store.MemberStates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the administrator asks for while Posthouse runs: a reload, another state of a member.
 * Everything takes its turn on the reconciler's thread, so that a reload and a drain never meet
 * halfway.
 *
 * <p>The file's own states and those set at run time are kept apart: {@code filed} is the
 * configuration as it was read, what runs is the same with the run-time states in it.
 */
final class Operations implements ConfigApplier, MemberControl {
  private final ConfigSource source;
  private final ReconcilerThread thread;
  private final Reconciler reconciler;
  private final HealthOwner health;
  private final MemberStates states;
  private final Names names;
  private final EventLog events;
  private final Consumer<Endpoint> admin;
  private Configuration filed;

  Operations(
      ConfigSource source,
      ReconcilerThread thread,
      Reconciler reconciler,
      HealthOwner health,
      MemberStates states,
      Names names,
      EventLog events,
      Consumer<Endpoint> admin,
      Configuration first) {
    this.source = source;
    this.thread = thread;
    this.reconciler = reconciler;
    this.health = health;
    this.states = states;
    this.names = names;
    this.events = events;
    this.admin = admin;
    this.filed = first;
  }

  /** Takes the first configuration: looks names up, binds, serves, then probes. */
  void start() throws ListenException, KernelException, InterruptedException {
    events.configure(filed.log(), logFile(filed));
    try {
      thread.call(() -> {
        apply(filed, false);
        return filed;
      });
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ListenException cannotListen) {
        throw cannotListen;
      }
      if (e.getCause() instanceof KernelException cannotTell) {
        throw cannotTell;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public Applied reload(String author, boolean force) {
    try {
      return thread.call(() ->
          switch (source.readButLists()) {
            case ConfigSource.Bad bad -> refused(author, bad.problems());
            case ConfigSource.Good good -> reload(author, force, good);
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return refused(author, List.of("interrupted"));
    } catch (ExecutionException e) {
      return refused(author, List.of(String.valueOf(e.getCause())));
    }
  }

  @Override
  public void administer(String pool, String member, AdminState state, String author) {
    try {
      thread.call(() -> {
        set(pool, member, state, author);
        return state;
      });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownMemberException unknown) {
        throw unknown;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Applied reload(String author, boolean force, ConfigSource.Good good) {
    try {
      List<String> warnings = new ArrayList<>(good.warnings());
      warnings.addAll(onlyAtStart(filed, good.configuration()));
      // File against file: what was set at run time is no change of it.
      List<String> changes = ChangePlan.between(filed, good.configuration()).describe();
      apply(good.configuration(), force);
      events.emit(
          Event.of(
              EventKind.CONFIG_APPLIED,
              "author",
              author,
              "generation",
              generation(),
              "changes",
              changes.isEmpty() ? "none" : String.join("; ", changes)));
      warn(warnings);
      return new Applied(true, generation(), changes, warnings);
    } catch (ListException e) {
      return refused(author, e.problems());
    } catch (ListenException | TlsException | KernelException e) {
      return refused(author, List.of(String.valueOf(e.getMessage())));
    }
  }

  private static List<String> onlyAtStart(Configuration before, Configuration after) {
    List<String> warnings = new ArrayList<>();
    if (before.limits().threads() != after.limits().threads()) {
      warnings.add("limits.threads takes effect at the next start");
    }
    if (!Objects.equals(before.stateDirectory(), after.stateDirectory())) {
      warnings.add("state-directory takes effect at the next start");
    }
    return warnings;
  }

  /** Says the warnings of a file that was taken. */
  void warn(List<String> warnings) {
    for (String warning : warnings) {
      events.emit(Event.of(EventKind.CONFIG_WARNING, "problem", warning));
    }
  }

  private Applied refused(String author, List<String> problems) {
    for (String problem : problems) {
      events.emit(Event.of(EventKind.CONFIG_REFUSED, "author", author, "problem", problem));
    }
    return new Applied(false, generation(), List.of(), problems);
  }

  private void apply(Configuration next, boolean force)
      throws ListenException, TlsException, ListException, KernelException {
    Configuration effective = withRunTimeStates(next);
    names.prepare(effective);
    reconciler.apply(effective, force);
    filed = next;
    // Links are served by it from here on: what follows may fail, but not be taken back.
    Plane plane = reconciler.plane();
    if (plane != null) {
      guarded("names", () -> names.follow(plane));
    }
    guarded(
        "health",
        () ->
            health.reconfigure(
                effective.pools(),
                effective.monitors(),
                PoolSources.of(effective),
                Machine.hostname(effective)));
    guarded("api", () -> admin.accept(next.admin().listen()));
    guarded("states", () -> states.reconcile(next));
    guarded("log", () -> events.configure(next.log(), logFile(next)));
  }

  private void guarded(String where, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      events.emit(Event.of(EventKind.BUG, "where", where, "cause", e.toString()));
    }
  }

  private void set(String pool, String name, AdminState state, String author) {
    MemberConnections member = reconciler.member(pool, name);
    if (member == null) {
      throw new UnknownMemberException("there is no member " + pool + "/" + name);
    }
    Pool inFile = filed.pools().get(pool);
    Member asFiled = inFile == null ? null : inFile.members().get(name);
    if (asFiled != null) {
      states.set(pool, asFiled, state);
    }
    health.administer(pool, name, state);
    events.emit(
        Event.of(
            EventKind.MEMBER_ADMINISTERED,
            "pool",
            pool,
            "member",
            name,
            "state",
            Spelled.of(state),
            "author",
            author));
  }

  private Configuration withRunTimeStates(Configuration next) {
    Map<String, Pool> pools = new LinkedHashMap<>();
    next.pools()
        .forEach((name, pool) -> {
          Map<String, Member> members = new LinkedHashMap<>();
          pool.members().forEach((n, m) -> members.put(n, m.withState(states.stateOf(name, m))));
          pools.put(name, pool.withMembers(members));
        });
    return next.withPools(pools);
  }

  private @Nullable Path logFile(Configuration of) {
    String name = of.log().file();
    return name == null ? null : source.file().toAbsolutePath().resolveSibling(name).normalize();
  }

  private long generation() {
    Plane running = reconciler.plane();
    return running == null ? 0 : running.generation();
  }
}
