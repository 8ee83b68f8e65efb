package io.posthouse.bench.load;

/**
 * How often sessions failed at one stage for one cause.
 *
 * @param sample the first reply or error text of this kind
 */
public record Failure(Stage stage, Cause cause, long count, String sample) {

  Failure plus(long more) {
    return new Failure(stage, cause, count + more, sample);
  }
}
