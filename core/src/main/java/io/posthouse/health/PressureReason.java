package io.posthouse.health;

/** What real mail says of a member under pressure, one line for people, with its numbers. */
final class PressureReason {
  private PressureReason() {}

  /** What was seen, and what follows. */
  static String of(Pressure inside, Pressure outside) {
    return numbers(inside, outside) + ", " + consequence(worse(inside, outside), whose(inside));
  }

  /** What was seen. */
  static String numbers(Pressure inside, Pressure outside) {
    Pressure pressure = worse(inside, outside);
    int of = pressure.messages();
    String messages = whose(inside) + (of == 1 ? "message" : "messages");
    return pressure.refused() == 0
        ? "real mail: %d %s accepted, none refused, last before: %s"
            .formatted(of, messages, pressure.last())
        : "real mail: %d of the last %d %s refused for pressure (last: %s)"
            .formatted(pressure.refused(), of, messages, pressure.last());
  }

  /** What inside senders are refused, all are; else it is about outside ones only. */
  private static Pressure worse(Pressure inside, Pressure outside) {
    return inside.isNone() ? outside : inside;
  }

  private static String whose(Pressure inside) {
    return inside.isNone() ? "outside " : "";
  }

  private static String consequence(Pressure pressure, String whose) {
    if (pressure.trial() > 0) {
      return "the next %smessage is its trial".formatted(whose);
    } else if (pressure.isOut()) {
      return "out for %d s, then one message is its trial".formatted(pressure.outFor().toSeconds());
    }
    boolean spared = pressure.share() > pressure.wish();
    String bound = spared ? ", no less, as the pool needs it" : "";
    return "weight %d %%%s".formatted(Math.round(pressure.share() * 100), bound);
  }
}
