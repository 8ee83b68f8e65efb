package io.posthouse.irule;

/**
 * What says in Posthouse what a command of a rule says.
 *
 * @param at where the command stands first
 * @param says the keys of the file and what they do; why nothing does, where nothing does
 * @param page the page of the documentation; empty when nothing says it
 */
public record Counterpart(String command, Position at, String says, String page) {
  /** Whether Posthouse has one. */
  public boolean exists() {
    return !page.isEmpty();
  }
}
