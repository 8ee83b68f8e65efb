package io.posthouse.door;

/**
 * A data group in use.
 *
 * @param type {@code address} or {@code domain}
 * @param file as the configuration names it; empty for none
 * @param entries how many it has, those of the configuration and of the file together
 * @param problem why the file that lies there now is not in use; empty when it is
 */
public record ListStatus(String group, String type, String file, int entries, String problem) {}
