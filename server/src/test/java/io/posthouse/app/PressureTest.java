package io.posthouse.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthouse.door.Status.MemberState;
import io.posthouse.health.EffectiveState;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pressure from real mail, as status shows it, on a whole Posthouse. */
class PressureTest {
  @TempDir Path directory;

  @Test
  void threeRefusedMessagesTakeAMemberOutWithItsNumbersAndNoClientSeesIt() throws Exception {
    try (SmtpMember full = new SmtpMember();
        SmtpMember well = new SmtpMember();
        RunningHouse house =
            RunningHouse.start(
                directory,
                """
                pools:
                  hub: { members: { m1: "127.0.0.1:%d", m2: "127.0.0.1:%d" } }
                virtual-servers:
                  VS: { mode: smtp, listen: "127.0.0.1:0", pool: hub }
                """
                    .formatted(full.port(), well.port()))) {
      full.mail = "452 4.3.1 no space";
      for (int i = 0; i < 8; i++) {
        assertThat(SmtpMember.mail(house, "a@example.org")).startsWith("250");
      }
      await().until(() -> house.member("hub", "m1").effective() == EffectiveState.PRESSURE);
      MemberState member = house.member("hub", "m1");
      assertThat(member.reason())
          .isEqualTo(
              "real mail: 3 of the last 3 outside messages refused for pressure (last: 452 4.3.1 no"
                  + " space), out for 10 s, then one message is its trial");
      assertThat(member.outside().share()).isZero();
      assertThat(member.outside().refused()).isEqualTo(3);
      assertThat(member.inside().share()).isEqualTo(1);
      assertThat(member.offers()).containsExactly("8BITMIME", "SMTPUTF8");
      assertThat(house.member("hub", "m2").effective()).isEqualTo(EffectiveState.UNKNOWN);
    }
  }
}
