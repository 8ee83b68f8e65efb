package io.posthouse.bench.compare;

import io.posthouse.bench.measure.ProcStat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The heap of another JVM of this user, asked for by jcmd of the JDK that runs this one.
 *
 * @param used bytes in use
 * @param from the first address of the heap
 * @param to the address after its last
 */
record JavaHeap(long used, long from, long to) {

  /**
   * {@code garbage-first heap total reserved 524288K, committed 65536K, used 8123K [0x.., 0x..)}.
   */
  private static final Pattern USED = Pattern.compile("\\bused (\\d+)K");

  private static final Pattern ADDRESS = Pattern.compile("0x([0-9a-f]{1,16})");

  /**
   * The serial collector gives free pages back in steps, the last of them at the fourth collection.
   */
  private static final int COLLECTIONS = 4;

  static boolean isJava(long pid) throws IOException {
    return ProcStat.of(pid).command().equals("java");
  }

  /** Runs full collections, and answers what is in use after them. */
  static JavaHeap collect(long pid) throws IOException, InterruptedException {
    for (int i = 0; i < COLLECTIONS; i++) {
      jcmd(pid, "GC.run");
    }
    return parse(jcmd(pid, "GC.heap_info"));
  }

  /** Adds up the generations, if there are any; metaspace, which is no heap, comes after them. */
  static JavaHeap parse(String heapInfo) {
    long used = 0;
    long from = Long.MAX_VALUE;
    long to = 0;
    for (String line : heapInfo.lines().toList()) {
      if (line.strip().startsWith("Metaspace")) {
        break;
      }
      Matcher total = USED.matcher(line);
      if (total.find()) {
        used += Long.parseLong(total.group(1)) * 1024;
      }
      Matcher address = ADDRESS.matcher(line);
      while (address.find()) {
        long value = Long.parseLong(address.group(1), 16);
        from = Math.min(from, value);
        to = Math.max(to, value);
      }
    }
    return new JavaHeap(used, from, to);
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(program, Long.toString(pid), command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd " + pid + " " + command + " failed:\n" + text);
    }
    return text;
  }
}
