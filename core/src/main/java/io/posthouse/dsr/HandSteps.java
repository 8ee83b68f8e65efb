package io.posthouse.dsr;

import io.posthouse.dsr.SetupScript.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What the scripts do, as steps for people who do it by hand.
 *
 * @param names lines that say on which servers
 */
record HandSteps(List<SetupRow> rows, String names, Action action) {

  String linux() {
    return page(
        "Linux",
        switch (action) {
          case APPLY -> linuxApply();
          case VERIFY -> linuxVerify();
          case UNDO -> linuxUndo();
        });
  }

  String windows() {
    return page(
        "Windows",
        switch (action) {
          case APPLY -> windowsApply();
          case VERIFY -> windowsVerify();
          case UNDO -> windowsUndo();
        });
  }

  private List<String> linuxApply() {
    return List.of(
        """
        ARP first, so that this machine never answers for the VIP. Into /etc/sysctl.d/60-posthouse-dsr.conf:
           net.ipv4.conf.all.arp_ignore = 1
           net.ipv4.conf.all.arp_announce = 2
        and then: sysctl -p /etc/sysctl.d/60-posthouse-dsr.conf\
        """,
        "The VIP on lo, and nowhere else:"
            + each(
                vips(),
                vip -> "ip addr add " + onLo(vip) + (isIpv6(vip) ? " nodad preferred_lft 0" : "")),
        "The same command at each start of the machine, after its sysctl settings: a unit of systemd with"
            + " Type=oneshot, or the way of your distribution.",
        String.join("\n", MailServers.linux(rows)));
  }

  private List<String> linuxVerify() {
    return List.of(
        "On lo with /32 (IPv6: /128), and on no other interface:"
            + each(vips(), vip -> "ip -o addr show to " + vip),
        "1 and 2; of all and of the interface the greater value holds:\n"
            + "   sysctl net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce",
        "The mail server is on the VIP, or on 0.0.0.0 or * (IPv6: [::] or *):"
            + each(ports(), port -> "ss -ltn \"sport = :" + port + "\""));
  }

  private List<String> linuxUndo() {
    return List.of(
        "The address first:" + each(vips(), vip -> "ip addr del " + onLo(vip)),
        "Remove what adds it at each start of the machine.",
        """
        Where no other VIP is left:
           rm /etc/sysctl.d/60-posthouse-dsr.conf
           sysctl -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0\
        """);
  }

  private List<String> windowsApply() {
    return List.of(
        "Run hdwwiz.exe: Next, \"Install the hardware that I manually select from a list\", Network adapters,"
            + " Microsoft, \"Microsoft KM-TEST Loopback Adapter\" (in old versions \"Microsoft Loopback"
            + " Adapter\"), Next, Finish.",
        "In ncpa.cpl rename the new adapter to \"Posthouse VIP\". Be sure that it is the one whose device name"
            + " says Loopback Adapter.",
        "In its properties leave only Internet Protocol Version 4 ticked"
            + (vips().stream().anyMatch(HandSteps::isIpv6) ? ", and Version 6." : "."),
        "Internet Protocol Version 4, Properties: these addresses with the mask 255.255.255.255 (IPv6: length"
            + " 128), no gateway, no DNS server:"
            + each(vips(), vip -> vip),
        "There, Advanced: \"Automatic metric\" off and 254 instead; DNS: \"Register this connection's addresses"
            + " in DNS\" off; WINS: \"Disable NetBIOS over TCP/IP\".",
        "In PowerShell, as administrator, so that the server begins nothing from them:"
            + each(vips(), vip -> "Set-NetIPAddress -IPAddress " + vip + " -SkipAsSource $true"),
        "As administrator, with the name of the adapter of the server's own network in place of LAN. Note whether"
            + " weak host receive is on already, for the day on which this is taken away (netsh interface "
            + families().getFirst()
            + " show interface \"LAN\"):"
            + each(weakHosts(), command -> command),
        String.join("\n", MailServers.windows(rows)));
  }

  private List<String> windowsVerify() {
    return List.of(
        "The addresses are on \"Posthouse VIP\" alone, with SkipAsSource True:"
            + each(vips(), vip -> "Get-NetIPAddress -IPAddress " + vip),
        "Weak host receives on both, weak host sends and metric 254 on \"Posthouse VIP\":"
            + each(
                families(),
                family -> "netsh interface " + family + " show interface \"Posthouse VIP\"")
            + each(families(), family -> "netsh interface " + family + " show interface \"LAN\""),
        "The mail server is on the VIP, or on 0.0.0.0 (IPv6: [::]):"
            + each(
                ports(),
                port -> "netstat -ano | findstr LISTENING | findstr /C:\":" + port + " \""));
  }

  private List<String> windowsUndo() {
    return List.of(
        "In devmgmt.msc, Network adapters, uninstall the KM-TEST Loopback Adapter that is \"Posthouse VIP\".",
        "As administrator, with the name of the adapter of the server's own network in place of LAN. Only where it"
            + " was off before; another loopback adapter may need it:"
            + each(
                families(),
                family ->
                    "netsh interface "
                        + family
                        + " set interface \"LAN\" weakhostreceive=disabled"));
  }

  private List<String> weakHosts() {
    List<String> commands = new ArrayList<>();
    for (String family : families()) {
      String set = "netsh interface " + family + " set interface ";
      commands.add(set + "\"LAN\" weakhostreceive=enabled");
      commands.add(set + "\"Posthouse VIP\" weakhostreceive=enabled");
      commands.add(set + "\"Posthouse VIP\" weakhostsend=enabled");
    }
    return commands;
  }

  private static String onLo(String vip) {
    return vip + (isIpv6(vip) ? "/128" : "/32") + " dev lo";
  }

  private static boolean isIpv6(String vip) {
    return vip.indexOf(':') >= 0;
  }

  private List<String> families() {
    return vips().stream().map(vip -> isIpv6(vip) ? "ipv6" : "ipv4").distinct().toList();
  }

  private List<String> vips() {
    return rows.stream().map(SetupRow::vipText).distinct().toList();
  }

  private List<String> ports() {
    return rows.stream().map(row -> String.valueOf(row.port())).distinct().toList();
  }

  private static String each(List<String> all, UnaryOperator<String> line) {
    StringBuilder lines = new StringBuilder();
    all.forEach(one -> lines.append("\n   ").append(line.apply(one)));
    return lines.toString();
  }

  private String page(String system, List<String> steps) {
    StringBuilder page =
        new StringBuilder("Direct server return, by hand, on each of these (" + system + "):\n");
    page.append(names.replace("#   ", "   ")).append("\n\n");
    for (int i = 0; i < steps.size(); i++) {
      page.append("%d. %s\n".formatted(i + 1, steps.get(i).replace("\n", "\n   ")));
    }
    return page.toString();
  }
}
