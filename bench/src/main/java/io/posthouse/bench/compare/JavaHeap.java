package io.posthouse.bench.compare;

import io.posthouse.bench.measure.ProcStat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks another JVM of this user to collect its garbage, by jcmd of the JDK that runs this one. */
final class JavaHeap {

  /** {@code garbage-first heap total reserved 524288K, committed 65536K, used 8123K [...}. */
  private static final Pattern USED = Pattern.compile("\\bused (\\d+)K");

  private JavaHeap() {}

  static boolean isJava(long pid) throws IOException {
    return ProcStat.of(pid).command().equals("java");
  }

  /** Runs a full collection, and answers the bytes of heap in use after it. */
  static long collect(long pid) throws IOException, InterruptedException {
    jcmd(pid, "GC.run");
    return parseUsed(jcmd(pid, "GC.heap_info"));
  }

  /** The used bytes of the heap; a serial heap has two lines of them, metaspace follows after. */
  static long parseUsed(String heapInfo) {
    long used = 0;
    for (String line : heapInfo.lines().toList()) {
      if (line.strip().startsWith("Metaspace")) {
        break;
      }
      Matcher matcher = USED.matcher(line);
      if (matcher.find()) {
        used += Long.parseLong(matcher.group(1)) * 1024;
      }
    }
    return used;
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
