package io.posthouse.kernel;

/** The kernel cannot be told what a configuration needs; the message names cause and remedy. */
public final class KernelException extends Exception {
  private static final long serialVersionUID = 1;

  /** What is wrong, for people. */
  public KernelException(String message) {
    super(message);
  }

  /** This process, or a program that it runs, may not do it. */
  public static KernelException noRight() {
    return new KernelException(
        "clients' own addresses (snat: none) and mode dsr need the right CAP_NET_ADMIN: start as root, or give the"
            + " service AmbientCapabilities=CAP_NET_ADMIN beside CAP_NET_BIND_SERVICE");
  }
}
