package io.posthouse.app;

import io.posthouse.admin.AdminDoors;
import io.posthouse.admin.AdminServer;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.EventSink;
import io.posthouse.model.Endpoint;
import io.posthouse.store.StoreException;
import io.posthouse.store.TokenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings the API up beside the links, moves it when the configuration does, and tries again as long
 * as it cannot: mail never waits for it. Runs on a thread of its own, since loading the HTTP server
 * takes longer than everything else.
 */
final class AdminDesk implements AutoCloseable {
  private static final long AGAIN_MILLIS = 10_000;
  private static final long CLOSE_MILLIS = 5_000;

  private final Path stateDirectory;
  private final AdminDoors doors;
  private final EventSink events;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("admin-start").unstarted(this::run);
  private final Semaphore wishes = new Semaphore(0);
  private volatile Endpoint wanted;
  private volatile boolean closing;
  private volatile @Nullable AdminServer server;

  AdminDesk(Endpoint listen, Path stateDirectory, AdminDoors doors, EventSink events) {
    this.wanted = listen;
    this.stateDirectory = stateDirectory;
    this.doors = doors;
    this.events = events;
  }

  void start() {
    thread.start();
  }

  /** Lets the API answer elsewhere from soon on; where it answers now it goes on until it does. */
  void move(Endpoint listen) {
    if (!listen.equals(wanted)) {
      wanted = listen;
      wishes.release();
    }
  }

  /** Where the API answers; null as long as it does not. */
  @Nullable Endpoint address() {
    AdminServer running = server;
    return running == null ? null : running.address();
  }

  @Override
  public void close() {
    closing = true;
    wishes.release();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    AdminServer running = server;
    if (running != null) {
      running.close();
    }
  }

  private void run() {
    Endpoint answering = null;
    String said = "";
    try {
      while (!closing) {
        Endpoint next = wanted;
        if (next.equals(answering)) {
          wishes.acquire();
          continue;
        }
        String failure = open(next);
        if (failure.isEmpty()) {
          answering = next;
        } else {
          if (!failure.equals(said)) {
            events.emit(Event.of(EventKind.ADMIN_FAILED, "reason", failure));
          }
          wishes.tryAcquire(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
        said = failure;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Opens the API at an address and closes it where it was; the reason when it cannot, else empty.
   */
  private String open(Endpoint next) {
    try {
      AdminServer before = server;
      AdminServer started = AdminServer.start(next, TokenFile.open(stateDirectory), doors);
      server = started;
      events.emit(
          Event.of(
              EventKind.ADMIN_LISTENING,
              "listen",
              started.address().toString(),
              "token-file",
              TokenFile.in(stateDirectory).toString()));
      if (before != null) {
        before.close();
      }
      return "";
    } catch (IOException | StoreException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
