package io.posthouse.path;

/**
 * Where an address is, as this machine sees it.
 *
 * @param here whether it is this machine's own
 * @param device the interface that it is on; empty for none, as with a route of type local
 * @param up whether that interface is up and has a carrier; true where there is none
 */
public record Whereabouts(boolean here, String device, boolean up) {
  /** An address that nobody asked for. */
  public static final Whereabouts UNKNOWN = new Whereabouts(true, "", true);

  /** In words, for a table. */
  public String phrase() {
    if (!here) {
      return "not here";
    }
    return device.isEmpty() ? "here" : "on " + device + (up ? "" : ", which is down");
  }
}
