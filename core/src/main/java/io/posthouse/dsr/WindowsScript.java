package io.posthouse.dsr;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The script for servers with Windows, in PowerShell 5.1.
 *
 * <p>The address stands on a Microsoft KM-TEST Loopback Adapter, for which Windows answers ARP to
 * nobody. Windows throws away what comes in by one adapter for an address of another, and sends
 * nothing by one from an address of another, until weak host receive and send are on.
 */
final class WindowsScript {
  private static final String COMMON =
      """

      $Name = 'Posthouse VIP'
      # What this script has switched on, for Undo.
      $Key = 'HKLM:\\SOFTWARE\\Posthouse\\DirectServerReturn'
      $script:Different = 0

      function Good([string] $Text) { Write-Output "good   $Text" }
      function Wrong([string] $Text) { $script:Different++; Write-Output "WRONG  $Text" }
      function Stop-Here([string] $Text) { [Console]::Error.WriteLine("posthouse dsr: $Text"); exit 2 }
      function Test-V6([string] $Address) { $Address.Contains(':') }
      function Get-Length([string] $Address) { if (Test-V6 $Address) { 128 } else { 32 } }
      function Get-Vip { @($script:Mine | ForEach-Object { $_.Vip } | Sort-Object -Unique) }
      function Get-Families { @(Get-Vip | ForEach-Object { if (Test-V6 $_) { 'IPv6' } else { 'IPv4' } } | Sort-Object -Unique) }
      function Get-Ours { Get-NetAdapter -Name $Name -IncludeHidden -ErrorAction SilentlyContinue }
      function Get-Place([string] $Address) { @(Get-NetIPAddress -IPAddress $Address -ErrorAction SilentlyContinue) }

      # The adapters by which packets of clients come in: those with an address of this server.
      function Get-Lan {
        $own = @($Rows | ForEach-Object { $_.Server } | Where-Object { $_ -ne 'any' } | Sort-Object -Unique)
        $found = @(Get-NetIPAddress -ErrorAction SilentlyContinue | Where-Object { $own -contains $_.IPAddress })
        if ($found.Count -eq 0) {
          $found = @(Get-NetIPConfiguration | Where-Object { $_.IPv4DefaultGateway -or $_.IPv6DefaultGateway })
        }
        @($found | ForEach-Object { $_.InterfaceAlias } | Sort-Object -Unique)
      }

      function Get-Mine {
        @($Rows | Where-Object { $_.Server -eq 'any' -or @(Get-Place $_.Server).Count -gt 0 })
      }
      """;

  private static final String APPLY =
      """

      # Windows itself has no command that adds this adapter; devcon of the Windows Driver Kit does.
      function Add-Adapter {
        $before = @(Get-NetAdapter -IncludeHidden | ForEach-Object { $_.InterfaceGuid })
        $devcon = Get-Command devcon.exe -ErrorAction SilentlyContinue
        if (-not $devcon -and (Test-Path "$PSScriptRoot\\devcon.exe")) { $devcon = Get-Command "$PSScriptRoot\\devcon.exe" }
        if (-not $devcon) {
          Stop-Here ("there is no adapter `"$Name`", and no devcon.exe that could add it. By hand: run hdwwiz.exe, Next, " +
            "`"Install the hardware that I manually select`", Network adapters, Microsoft, " +
            "`"Microsoft KM-TEST Loopback Adapter`", Next, Finish. Then: " +
            "Get-NetAdapter -InterfaceDescription '*KM-TEST*' | Rename-NetAdapter -NewName '$Name' " +
            "(name it with -Name where there are several), and run this script again")
        }
        & $devcon.Source install "$env:windir\\inf\\netloop.inf" '*MSLOOP' | Out-Null
        if ($LASTEXITCODE -gt 1) { Stop-Here "devcon.exe failed with exit code $LASTEXITCODE" }
        $made = @(Get-NetAdapter -IncludeHidden | Where-Object { $before -notcontains $_.InterfaceGuid })
        if ($made.Count -ne 1) { Stop-Here 'devcon.exe added no adapter that this script can tell from others' }
        Rename-NetAdapter -InputObject $made[0] -NewName $Name
      }

      # Another loopback adapter may need what is on already: Undo leaves that alone.
      function Enable-WeakHost([string] $Alias, [string] $Family) {
        if ((Get-NetIPInterface -InterfaceAlias $Alias -AddressFamily $Family).WeakHostReceive -eq 'Enabled') { return }
        if (-not (Test-Path $Key)) { New-Item -Path $Key -Force | Out-Null }
        New-ItemProperty -Path $Key -Name "$Family $Alias" -Value 'WeakHostReceive' -Force | Out-Null
        Set-NetIPInterface -InterfaceAlias $Alias -AddressFamily $Family -WeakHostReceive Enabled
      }

      function Invoke-Apply {
        foreach ($vip in Get-Vip) {
          foreach ($place in Get-Place $vip) {
            if ($place.InterfaceAlias -ne $Name) { Stop-Here "$vip is on $($place.InterfaceAlias) here; remove it there first" }
          }
        }
        if (-not (Get-Ours)) { Add-Adapter }
        $ours = Get-Ours
        Enable-NetAdapter -Name $Name -Confirm:$false
        $bound = @('ms_tcpip')
        if ((Get-Families) -contains 'IPv6') { $bound += 'ms_tcpip6' }
        foreach ($binding in Get-NetAdapterBinding -Name $Name) {
          Set-NetAdapterBinding -Name $Name -ComponentID $binding.ComponentID -Enabled ($bound -contains $binding.ComponentID)
        }
        Set-DnsClient -InterfaceAlias $Name -RegisterThisConnectionsAddress $false
        # 2: NetBIOS over TCP/IP off.
        Get-CimInstance Win32_NetworkAdapterConfiguration -Filter "InterfaceIndex=$($ours.ifIndex)" |
          Invoke-CimMethod -MethodName SetTcpipNetbios -Arguments @{ TcpipNetbiosOptions = [uint32] 2 } | Out-Null
        foreach ($family in Get-Families) {
          # As netsh interface ipv4 (ipv6) set interface "Posthouse VIP" weakhostreceive=enabled weakhostsend=enabled metric=254
          Set-NetIPInterface -InterfaceAlias $Name -AddressFamily $family -AutomaticMetric Disabled -InterfaceMetric 254 `
            -Dhcp Disabled -WeakHostReceive Enabled -WeakHostSend Enabled
          foreach ($lan in Get-Lan) { Enable-WeakHost $lan $family }
        }
        foreach ($vip in Get-Vip) {
          if (@(Get-Place $vip).Count -eq 0) {
            New-NetIPAddress -InterfaceAlias $Name -IPAddress $vip -PrefixLength (Get-Length $vip) -SkipAsSource $true | Out-Null
          }
        }
        Invoke-Verify
      }
      """;

  private static final String VERIFY =
      """

      function Test-Setting([string] $Alias, [string] $Family, [string] $Key, [string] $Wanted) {
        $now = "$((Get-NetIPInterface -InterfaceAlias $Alias -AddressFamily $Family -ErrorAction SilentlyContinue).$Key)"
        if ($now -eq $Wanted) { Good "$Key of $Alias ($Family) is $Wanted" }
        else { Wrong "$Key of $Alias ($Family) is '$now', not $Wanted" }
      }

      function Invoke-Verify {
        $ours = Get-Ours
        if (-not $ours) { Wrong "there is no adapter `"$Name`": packets of clients are dropped, and they time out"; return }
        if ($ours.Status -eq 'Up') { Good "the adapter `"$Name`" is up" } else { Wrong "the adapter `"$Name`" is $($ours.Status)" }
        foreach ($vip in Get-Vip) {
          $places = @(Get-Place $vip)
          if ($places.Count -eq 0) { Wrong "$vip is not here: packets of clients are dropped, and they time out" }
          foreach ($place in $places) {
            if ($place.InterfaceAlias -eq $Name -and $place.PrefixLength -eq (Get-Length $vip)) { Good "$vip is on $Name" }
            else { Wrong "$vip is on $($place.InterfaceAlias) with /$($place.PrefixLength): it must be on $Name with /$(Get-Length $vip) alone" }
          }
        }
        $bound = @('ms_tcpip')
        if ((Get-Families) -contains 'IPv6') { $bound += 'ms_tcpip6' }
        foreach ($binding in Get-NetAdapterBinding -Name $Name) {
          $wanted = $bound -contains $binding.ComponentID
          if ($binding.Enabled -ne $wanted) { Wrong "binding $($binding.ComponentID) of $Name is $($binding.Enabled), not $wanted" }
        }
        if ((Get-DnsClient -InterfaceAlias $Name).RegisterThisConnectionsAddress) { Wrong "$Name registers its address in DNS" }
        $config = Get-CimInstance Win32_NetworkAdapterConfiguration -Filter "InterfaceIndex=$($ours.ifIndex)"
        if ($config.TcpipNetbiosOptions -ne 2) { Wrong "NetBIOS over TCP/IP of $Name is not off" }
        foreach ($family in Get-Families) {
          Test-Setting $Name $family 'AutomaticMetric' 'Disabled'
          Test-Setting $Name $family 'InterfaceMetric' '254'
          Test-Setting $Name $family 'WeakHostReceive' 'Enabled'
          Test-Setting $Name $family 'WeakHostSend' 'Enabled'
          foreach ($lan in Get-Lan) { Test-Setting $lan $family 'WeakHostReceive' 'Enabled' }
        }
        foreach ($row in $script:Mine) {
          $ends = @($row.Vip, '::')
          if (-not (Test-V6 $row.Vip)) { $ends += '0.0.0.0' }
          $heard = @(Get-NetTCPConnection -State Listen -LocalPort $row.Port -ErrorAction SilentlyContinue | Where-Object { $ends -contains $_.LocalAddress })
          if ($heard.Count -gt 0) { Good "something listens on $($row.Vip) port $($row.Port)" }
          else { Wrong "nothing listens on $($row.Vip) port $($row.Port): clients are refused; the head of this script says what a mail server must be told" }
        }
      }
      """;

  private static final String UNDO =
      """

      function Get-Marks {
        if (-not (Test-Path $Key)) { return @() }
        @((Get-Item -Path $Key).Property | ForEach-Object {
          $family, $alias = $_ -split ' ', 2
          [pscustomobject] @{ Family = $family; Alias = $alias }
        })
      }

      function Undo-WeakHost {
        foreach ($mark in Get-Marks) {
          Set-NetIPInterface -InterfaceAlias $mark.Alias -AddressFamily $mark.Family -WeakHostReceive Disabled -ErrorAction SilentlyContinue
        }
        if (Test-Path $Key) { Remove-Item -Path $Key -Recurse }
        foreach ($family in Get-Families) {
          foreach ($lan in Get-Lan) {
            if ((Get-NetIPInterface -InterfaceAlias $lan -AddressFamily $family -ErrorAction SilentlyContinue).WeakHostReceive -eq 'Enabled') {
              Write-Output "note   weak host receive of $lan ($family) was on before this script came, and stays"
            }
          }
        }
      }

      function Invoke-Undo {
        $ours = Get-Ours
        if (-not $ours) { Undo-WeakHost; Good "there is no adapter `"$Name`""; return }
        foreach ($vip in Get-Vip) {
          Get-Place $vip | Where-Object { $_.InterfaceAlias -eq $Name } | Remove-NetIPAddress -Confirm:$false
        }
        $left = @(Get-NetIPAddress -InterfaceAlias $Name -ErrorAction SilentlyContinue |
          Where-Object { $_.PrefixOrigin -eq 'Manual' } | ForEach-Object { $_.IPAddress })
        if ($left.Count -gt 0) { Write-Output "note   $($left -join ', ') is left on $Name, and with it the adapter"; return }
        Undo-WeakHost
        $removed = $false
        try {
          # Windows 10 2004, Windows Server 2022 and later.
          & pnputil.exe /remove-device $ours.PnPDeviceID | Out-Null
          $removed = $LASTEXITCODE -eq 0
        } catch { $removed = $false }
        if ($removed) { Good "the adapter `"$Name`" is removed" }
        else {
          Disable-NetAdapter -Name $Name -Confirm:$false
          Write-Output "note   the adapter `"$Name`" has no address and is disabled; remove it in the Device Manager (devmgmt.msc, Network adapters)"
        }
      }
      """;

  private static final String END =
      """

      $script:Mine = @(Get-Mine)
      if ($script:Mine.Count -eq 0 -and $Action -eq 'Undo') { $script:Mine = $Rows }
      if ($script:Mine.Count -eq 0) { Stop-Here "this machine has none of the servers' addresses: is it the right one?" }
      switch ($Action) {
        'Apply' { Invoke-Apply; exit 0 }
        'Verify' { Invoke-Verify; if ($script:Different -gt 0) { exit 1 } }
        'Undo' { Invoke-Undo }
      }
      """;

  private WindowsScript() {}

  static String of(List<SetupRow> rows, String names, SetupScript.Action action) {
    String mail =
        MailServers.windows(rows).stream()
            .map(line -> "# " + line)
            .collect(Collectors.joining("\n"));
    String lines =
        rows.stream()
            .map(row ->
                "  [pscustomobject] @{ Server = '%s'; Vip = '%s'; Port = %d }"
                    .formatted(row.server(), row.vipText(), row.port()))
            .collect(Collectors.joining("\n"));
    String word = action.name().charAt(0) + action.name().substring(1).toLowerCase(Locale.ROOT);
    return head(names, mail, word, lines) + COMMON + APPLY + VERIFY + UNDO + END;
  }

  private static String head(String names, String mail, String action, String lines) {
    return """
    # Posthouse, direct server return: has this machine answer clients from the VIP by itself.
    # For the servers, all alike (each finds its lines by its own address):
    %s
    # Not yet run by any test on Windows: begin with one server, and Verify.
    # In a PowerShell of an administrator:
    #   powershell -ExecutionPolicy Bypass -File FILE           sets up what is missing; may be run again
    #   powershell -ExecutionPolicy Bypass -File FILE Verify    changes nothing, exits with 1 where something differs
    #   powershell -ExecutionPolicy Bypass -File FILE Undo      takes all of it away
    #
    %s

    #Requires -Version 5.1
    #Requires -RunAsAdministrator
    param([ValidateSet('Apply', 'Verify', 'Undo')] [string] $Action = '%s')
    $ErrorActionPreference = 'Stop'

    # A server's own address, a VIP, the port.
    $Rows = @(
    %s
    )
    """
        .formatted(names, mail, action, lines);
  }
}
