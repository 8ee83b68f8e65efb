package io.posthouse.irule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients say is not for logs; what is counted of it is. */
class PayloadInLogTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "set cmd [string toupper [TCP::payload]]; log local0. $cmd",
        "set cmd [TCP::payload]; set verb [string range $cmd 0 3]; log local0. $verb",
        "scan [TCP::payload] %s verb; log local0. \"it said $verb\"",
        "if {[regexp {^(.*)$} [TCP::payload] all line]} { log local0. $line }",
        "binary scan [TCP::payload] a10 begin; log local0. $begin",
        "foreach line [split [TCP::payload] x] { log local0. $line }",
        "append all [TCP::payload]; HSL::send $h $all",
        "log local0. [findstr [TCP::payload] MAIL 5]"
      })
  void whatAClientSaysIsFoundOnItsWayIntoALog(String body) {
    assertThat(Rules.kinds("when CLIENT_DATA { " + body + " }")).contains(LintKind.BODY_IN_LOG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "log local0. \"[string length [TCP::payload]]\"",
        "set n [string length [TCP::payload]]; log local0. $n",
        "set n [TCP::payload length]; log local0. $n",
        "set hit [class match [TCP::payload] contains bad]; log local0. $hit",
        "set hit [regexp {x} [TCP::payload]]; log local0. $hit",
        "scan [TCP::payload] %s verb; log local0. $other"
      })
  void whatIsCountedIsNotWhatAClientSays(String body) {
    assertThat(Rules.kinds("when CLIENT_DATA { " + body + " }"))
        .doesNotContain(LintKind.BODY_IN_LOG);
  }
}
