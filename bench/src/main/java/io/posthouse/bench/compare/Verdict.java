package io.posthouse.bench.compare;

/** Whether a goal is reached, and whether the interval leaves a doubt. */
enum Verdict {
  PASS("pass"),
  PASS_UNSURE("pass, interval crosses the goal"),
  MISS_UNSURE("MISS, interval crosses the goal"),
  MISS("MISS");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
