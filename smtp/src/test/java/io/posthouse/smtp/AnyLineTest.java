package io.posthouse.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever a client writes on a line: the laws that no table can cover. */
class AnyLineTest {
  private static final String[] WORDS = {
    "MAIL",
    "RCPT",
    "EHLO",
    "BDAT",
    "VRFY",
    "X",
    " ",
    "  ",
    "\t",
    "FROM:",
    "TO:",
    "<",
    ">",
    "<>",
    "@",
    "a",
    "b.example",
    "\"",
    "\\",
    ",",
    ":",
    ";",
    "[",
    "]",
    "IPv6:",
    "::",
    "1",
    "192.0.2.1",
    ".",
    "-",
    "SIZE=",
    "BODY=",
    "8BITMIME",
    "SMTPUTF8",
    "RET=FULL",
    "ENVID=",
    "AUTH=",
    "NOTIFY=",
    "NEVER",
    "DELAY",
    "ORCPT=rfc822;",
    "ORCPT=utf-8;",
    "+2B",
    "+0A",
    "LAST",
    "999999999999999999",
    "\u00c3\u00a9",
    "\u00e9",
    "\u0000",
    "\r",
    "\n",
    "postmaster"
  };
  private static final String[] COMMANDS = {
    "MAIL FROM:<a@b.example> SIZE=1000 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=q+2B AUTH=<>",
    "MAIL FROM:<\"a b\"@[IPv6:2001:db8::1]>",
    "RCPT TO:<@r,@s.example:a@b> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;a@b",
    "RCPT TO:<\u00c3\u00a9@b\u00c3\u00bc> ORCPT=utf-8;\u00c3\u00a9@b",
    "EHLO c.example",
    "BDAT 1000 LAST",
    "VRFY somebody"
  };

  @Test
  void octetsKeepTheLaws() {
    each(random -> octets(random, random.nextInt(80)));
  }

  @Test
  void wordsOfTheGrammarInAnyOrderKeepTheLaws() {
    each(AnyLineTest::words);
  }

  @Test
  void damagedCommandsKeepTheLaws() {
    each(AnyLineTest::damaged);
  }

  @Test
  void linesWithoutAnEndKeepTheLaws() {
    for (String word : WORDS) {
      for (String begin : new String[] {"", "MAIL FROM:<", "RCPT TO:<a@b> ", "EHLO "}) {
        CommandLaws.hold(begin + word.repeat(10_000));
      }
    }
  }

  private interface Generator {
    String next(SplittableRandom random);
  }

  private static void each(Generator lines) {
    for (long seed = 0; seed < 100_000; seed++) {
      String line = lines.next(new SplittableRandom(seed));
      try {
        CommandLaws.hold(line);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + Printable.line(line, 400), e);
      }
    }
  }

  @Test
  void theGeneratorsReachCommands() {
    int commands = 0;
    for (long seed = 0; seed < 1000; seed++) {
      if (CommandParser.parse(damaged(new SplittableRandom(seed))) instanceof Command) {
        commands++;
      }
    }
    assertThat(commands).isBetween(100, 900);
  }

  private static String octets(SplittableRandom random, int length) {
    StringBuilder line = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      line.append((char) random.nextInt(256));
    }
    return line.toString();
  }

  private static String words(SplittableRandom random) {
    StringBuilder line = new StringBuilder();
    if (random.nextInt(4) > 0) {
      line.append(random.nextBoolean() ? "MAIL FROM:<" : "RCPT TO:<");
    }
    for (int i = random.nextInt(12); i >= 0; i--) {
      line.append(WORDS[random.nextInt(WORDS.length)]);
    }
    return line.toString();
  }

  private static String damaged(SplittableRandom random) {
    StringBuilder line = new StringBuilder(COMMANDS[random.nextInt(COMMANDS.length)]);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(line.length());
      switch (random.nextInt(3)) {
        case 0 -> line.deleteCharAt(at);
        case 1 -> line.insert(at, WORDS[random.nextInt(WORDS.length)]);
        default -> line.setCharAt(at, (char) random.nextInt(256));
      }
    }
    return line.toString();
  }
}
