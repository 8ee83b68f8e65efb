package io.posthouse.dsr;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.dsr.SetupScript.Action;
import io.posthouse.model.Endpoint;
import io.posthouse.model.Member;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What scripts say, and what never gets into them. That they work is for DsrSetupTest. */
class SetupScriptTest {

  @Test
  void eachServerFindsItsLinesByItsOwnAddress() {
    assertThat(SetupScript.LINUX.of(DsrFile.servers(), Action.APPLY))
        .startsWith("#!/bin/sh\n")
        .contains(
            """
            rows() {
              cat <<'END'
            10.77.0.21 10.77.0.100 25
            10.77.0.22 10.77.0.100 25
            fd77::21 fd77::100 25
            END
            }
            """)
        .contains("ACTION=${1:---apply}\n")
        .contains("#   MAIL/ex1 (10.77.0.21:25)\n#   MAIL/ex2 (10.77.0.22:25)\n")
        .contains("inet_interfaces = all", "local_interfaces")
        .doesNotContain("PLAIN", "127.0.0.1");
    assertThat(SetupScript.WINDOWS.of(DsrFile.servers(), Action.VERIFY))
        .contains("  [pscustomobject] @{ Server = '10.77.0.22'; Vip = '10.77.0.100'; Port = 25 }\n")
        .contains("[string] $Action = 'Verify')")
        .contains("#   MAIL/ex1 (10.77.0.21:25)\n")
        .contains("Not yet run by any test on Windows: begin with one server, and Verify.");
  }

  /** The list that is there is replaced: a VIP that is not named is a VIP that hears nothing. */
  @ParameterizedTest
  @EnumSource(names = {"WINDOWS", "WINDOWS_BY_HAND"})
  void exchangeIsToldAllAddressesAtOnce(SetupScript script) {
    List<Behind> servers =
        DsrFile.servers(
            DsrFile.TEXT.replace(
                "listen: 10.77.0.100:25", "listen: [10.77.0.100:25, 10.77.0.101:25]"));

    assertThat(script.of(Behind.named(servers, "MAIL/ex1"), Action.APPLY))
        .contains(
            "Set-ReceiveConnector \"SERVER\\CONNECTOR\" -Bindings"
                + " \"ADDRESS:PORT\", \"10.77.0.100:25\", \"10.77.0.101:25\"\n");
  }

  /** The loopback adapter of another balancer needs weak host receive, too. */
  @Test
  void windowsGetsBackOnlyWhatWasTakenFromIt() {
    String script = SetupScript.WINDOWS.of(DsrFile.servers(), Action.UNDO);

    assertThat(script.lines().filter(line -> line.contains("-WeakHostReceive Disabled")))
        .singleElement()
        .asString()
        .contains("-InterfaceAlias $mark.Alias");
    assertThat(script).contains("was on before this script came, and stays");
    assertThat(SetupScript.WINDOWS_BY_HAND.of(DsrFile.servers(), Action.APPLY))
        .contains("Note whether weak host receive is on already");
    assertThat(SetupScript.WINDOWS_BY_HAND.of(DsrFile.servers(), Action.UNDO))
        .contains("Only where it was off before");
  }

  @Test
  void aWordNamesAVirtualServerOrOneMember() {
    List<Behind> all = DsrFile.servers();

    assertThat(Behind.named(all, "MAIL"))
        .extracting(Behind::path)
        .containsExactly("MAIL/ex1", "MAIL/ex2");
    assertThat(Behind.named(all, "SIX/ex1")).hasSize(1);
    assertThat(Behind.named(all, "SIX/ex2")).isEmpty();
    assertThat(Behind.named(all, "PLAIN")).isEmpty();
    assertThat(SetupScript.LINUX.of(Behind.named(all, "MAIL/ex2"), Action.UNDO))
        .contains("<<'END'\n10.77.0.22 10.77.0.100 25\nEND\n")
        .contains("ACTION=${1:---undo}\n");
  }

  /** The file's syntax lets none of this in; a script does not rely on it. */
  @ParameterizedTest
  @EnumSource(SetupScript.class)
  void namesNeverGetOutOfAComment(SetupScript script) {
    Behind good = Behind.named(DsrFile.servers(), "MAIL/ex1").getFirst();
    Member hostile =
        new Member(
            "x'`$(reboot)\nreboot\r\u2028\"; reboot #",
            new Endpoint("a\nEND\nreboot'; reboot", 25),
            1,
            0,
            0,
            good.member().state(),
            null,
            true,
            null);

    String text = script.of(List.of(new Behind(good.server(), good.pool(), hostile)), Action.APPLY);

    assertThat(text.lines().filter(line -> line.contains("x????reboot")))
        .singleElement()
        .asString()
        .matches("(#| )   ?MAIL/[A-Za-z0-9._?-]+ [(][A-Za-z0-9._:?-]+[)]");
    assertThat(text.lines().filter(line -> line.strip().startsWith("reboot"))).isEmpty();
  }

  @Test
  void aServerWithANameIsWhateverMachineTheScriptRunsOn() {
    List<Behind> servers =
        DsrFile.servers(DsrFile.TEXT.replace("10.77.0.21:25", "ex1.contoso.com:25"));

    assertThat(SetupScript.LINUX.of(Behind.named(servers, "MAIL/ex1"), Action.APPLY))
        .contains("<<'END'\nany 10.77.0.100 25\nEND\n");
  }

  @Test
  void byHandEachVirtualServerHasStepsOfItsOwn() {
    String steps = SetupScript.WINDOWS_BY_HAND.of(DsrFile.servers(), Action.APPLY);

    assertThat(steps.lines().filter(line -> line.startsWith("Direct server return"))).hasSize(2);
    assertThat(steps)
        .contains("hdwwiz.exe", "Microsoft KM-TEST Loopback Adapter", "Disable NetBIOS over TCP/IP")
        .contains("netsh interface ipv4 set interface \"LAN\" weakhostreceive=enabled")
        .contains("netsh interface ipv6 set interface \"Posthouse VIP\" weakhostsend=enabled")
        .contains("Set-NetIPAddress -IPAddress 10.77.0.100 -SkipAsSource $true")
        .contains("7. As administrator");
    // As a part of a line it would find 2525, too.
    assertThat(SetupScript.WINDOWS_BY_HAND.of(DsrFile.servers(), Action.VERIFY))
        .contains("findstr /C:\":25 \"");
    assertThat(SetupScript.LINUX_BY_HAND.of(DsrFile.servers(), Action.UNDO))
        .contains("ip addr del 10.77.0.100/32 dev lo", "ip addr del fd77::100/128 dev lo");
  }

  /** Windows PowerShell 5.1 reads a file without a mark as of the machine's own code page. */
  @ParameterizedTest
  @EnumSource(SetupScript.class)
  void everythingIsAscii(SetupScript script) {
    for (Action action : Action.values()) {
      assertThat(script.of(DsrFile.servers(), action)).matches("[\\x0a\\x20-\\x7e]+");
    }
  }
}
