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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings the API up beside the links and tries again as long as it cannot: mail never waits for it.
 * Runs on a thread of its own, since loading the HTTP server takes longer than everything else.
 */
final class AdminDesk implements AutoCloseable {
  private static final long AGAIN_MILLIS = 10_000;

  private final Endpoint listen;
  private final Path stateDirectory;
  private final AdminDoors doors;
  private final EventSink events;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("admin-start").unstarted(this::run);
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable AdminServer server;

  AdminDesk(Endpoint listen, Path stateDirectory, AdminDoors doors, EventSink events) {
    this.listen = listen;
    this.stateDirectory = stateDirectory;
    this.doors = doors;
    this.events = events;
  }

  void start() {
    thread.start();
  }

  /** Where the API answers; null as long as it does not. */
  @Nullable Endpoint address() {
    AdminServer running = server;
    return running == null ? null : running.address();
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    AdminServer running = server;
    if (running != null) {
      running.close();
    }
  }

  private void run() {
    String said = "";
    do {
      try {
        AdminServer started = AdminServer.start(listen, TokenFile.open(stateDirectory), doors);
        server = started;
        events.emit(
            Event.of(
                EventKind.ADMIN_LISTENING,
                "listen",
                started.address().toString(),
                "token-file",
                TokenFile.in(stateDirectory).toString()));
        return;
      } catch (IOException | StoreException e) {
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(said)) {
          events.emit(Event.of(EventKind.ADMIN_FAILED, "reason", reason));
          said = reason;
        }
      }
    } while (!closed(AGAIN_MILLIS));
  }

  private boolean closed(long withinMillis) {
    try {
      return closing.await(withinMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
