package io.posthouse.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process's signals, from the very first moment on: one that comes while the process still
 * starts waits in a queue instead of ending it.
 *
 * <p>The JDK has no other way to hear of SIGHUP than {@code sun.misc.Signal} of jdk.unsupported. It
 * is reached by reflection, since the compiler's warning about it can be neither met nor switched
 * off.
 */
final class Signals {

  /** What is asked for. */
  enum Wish {
    /** SIGHUP: read the file again, reopen the log. */
    RELOAD,
    /** SIGTERM or SIGINT: end in order; a second one ends at once. */
    STOP
  }

  private final LinkedBlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();

  /** Takes the signals over. */
  Signals() {
    on("HUP", Wish.RELOAD);
    on("TERM", Wish.STOP);
    on("INT", Wish.STOP);
  }

  /** Waits for the next wish. */
  Wish next() throws InterruptedException {
    return wishes.take();
  }

  /** The next wish if one comes within so many milliseconds, else null. */
  @Nullable Wish next(long millis) throws InterruptedException {
    return wishes.poll(millis, TimeUnit.MILLISECONDS);
  }

  private void on(String name, Wish wish) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler hear =
          (proxy, method, arguments) -> {
            wishes.add(wish);
            return null;
          };
      Object listening =
          Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, hear);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), listening);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no signals; use one with jdk.unsupported", e);
    }
  }
}
