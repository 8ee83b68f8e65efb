package io.posthouse.dsr;

import io.posthouse.model.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the mail server on a server must be told, beside the machine. */
final class MailServers {
  private MailServers() {}

  /** For Linux. */
  static List<String> linux(List<SetupRow> rows) {
    return List.of(
        "The mail server must listen on the VIP too, on the same port; best on all addresses:",
        "  Postfix   postconf -e 'inet_interfaces = all', then: systemctl restart postfix",
        "            (not where master.cf names an address: add the VIP there in the same way)",
        "  Exim      local_interfaces = <; 0.0.0.0 ; ::0 (Debian: dc_local_interfaces='', then",
        "            update-exim4.conf), then: systemctl restart exim4",
        "  sendmail  no Addr= in DaemonPortOptions",
        "A firewall on the server must let clients in to " + vips(rows) + ".");
  }

  /** For Windows: commands for the Exchange Management Shell. */
  static List<String> windows(List<SetupRow> rows) {
    return List.of(
        "The mail server must listen on the VIP too, on the same port; best on all addresses:",
        "  Exchange  Get-ReceiveConnector | Format-List Identity, Bindings, RemoteIPRanges",
        "            0.0.0.0 (and [::] for IPv6) is all addresses, and the default. Where a connector",
        "            names an address instead, name the VIP beside it:",
        "            Set-ReceiveConnector \"SERVER\\CONNECTOR\" -Bindings \"ADDRESS:PORT\", \""
            + rows.stream().map(MailServers::end).distinct().collect(Collectors.joining("\", \""))
            + "\"",
        "            (it replaces the list: all that the connector has, and of these those of the server)",
        "  IIS SMTP  Properties, General, IP address: (All Unassigned)",
        "Connectors now see clients' own addresses: RemoteIPRanges must hold them, not Posthouse's.",
        "The Windows firewall must let clients in to " + vips(rows) + ".");
  }

  private static String vips(List<SetupRow> rows) {
    List<String> ends = new ArrayList<>(rows.stream().map(MailServers::end).distinct().toList());
    return String.join(", ", ends);
  }

  private static String end(SetupRow row) {
    InetAddress vip = row.vip();
    String text = IpAddress.text(vip);
    return (row.isIpv6() ? "[" + text + "]" : text) + ":" + row.port();
  }
}
