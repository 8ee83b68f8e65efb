package io.posthouse.policy;

/**
 * One line of a data group as somebody wrote it, kept so that {@code why} can name it.
 *
 * @param text the address, prefix or domain, as written
 * @param place where it stands: {@code networks.txt line 12}, or {@code the configuration file}
 */
public record Entry(String text, String place) {}
