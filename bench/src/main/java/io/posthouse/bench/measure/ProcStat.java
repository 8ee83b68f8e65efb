package io.posthouse.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code /proc/PID/stat} says of a process, all its threads together, the ended ones included.
 *
 * @param command the name of the executable, at most 15 bytes; it may hold spaces and parentheses
 * @param userTicks time in user mode
 * @param systemTicks time in the kernel on the process's behalf
 */
public record ProcStat(String command, long userTicks, long systemTicks) {

  /** USER_HZ, which Linux fixes at 100 for what programs see, whatever the kernel's own tick is. */
  private static final double TICKS_PER_SECOND = 100;

  /**
   * Reads the file of a process.
   *
   * @throws IOException when there is no such process
   */
  public static ProcStat of(long pid) throws IOException {
    return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
  }

  /** Reads the one line of the file: proc(5), fields 2, 14 and 15. */
  public static ProcStat parse(String line) {
    int open = line.indexOf('(');
    // The name may hold ") (" itself; the fields after it hold none, so the last one ends it.
    int close = line.lastIndexOf(')');
    if (open < 0 || close < open) {
      throw new IllegalArgumentException("no process name in parentheses: " + line);
    }
    String[] fields = line.substring(close + 1).strip().split(" ", -1);
    if (fields.length < 13) {
      throw new IllegalArgumentException("too few fields: " + line);
    }
    return new ProcStat(
        line.substring(open + 1, close), Long.parseLong(fields[11]), Long.parseLong(fields[12]));
  }

  /** Processor time used so far, in seconds. */
  public double seconds() {
    return (userTicks + systemTicks) / TICKS_PER_SECOND;
  }
}
