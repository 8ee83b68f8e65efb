package io.posthouse.dsr;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The script for servers with Linux, in POSIX sh with {@code ip} and {@code awk}.
 *
 * <p>The address stands on lo, where IPv6 answers for it to nobody. IPv4 answers on every interface
 * for every address of the machine, so arp_ignore and arp_announce are set first, and fall last. A
 * unit of systemd for each VIP has it there after a reboot.
 */
final class LinuxScript {
  private static final String COMMON =
      """

      set -u
      LC_ALL=C
      PATH=$PATH:/usr/sbin:/sbin
      export LC_ALL PATH
      CONF=/proc/sys/net/ipv4/conf
      SYSCTL=/etc/sysctl.d/60-posthouse-dsr.conf
      UNITS=/etc/systemd/system
      DIFFERENT=0

      die() {
        echo "posthouse dsr: $*" >&2
        exit 2
      }
      good() {
        echo "good   $*"
      }
      wrong() {
        echo "WRONG  $*"
        DIFFERENT=$((DIFFERENT + 1))
      }
      note() {
        echo "note   $*"
      }
      length() {
        case $1 in *:*) echo 128 ;; *) echo 32 ;; esac
      }
      # The interfaces that have an address, with the length of its prefix.
      places() {
        ip -o addr show | awk -v a="$1" '{ n = split($4, p, "/"); if (p[1] == a) print $2 "/" (n > 1 ? p[2] : "") }'
      }
      # The lines of this machine: VIP and port.
      mine() {
        rows | while read -r server vip port; do
          if [ "$server" = any ] || [ -n "$(places "$server")" ]; then
            echo "$vip $port"
          fi
        done | sort -u
      }
      vips() {
        echo "$MINE" | awk 'NF { print $1 }' | sort -u
      }
      value() {
        cat "$CONF/$1/$2" 2>/dev/null || echo 0
      }
      unit() {
        echo "posthouse-vip-$1.service"
      }
      wants() {
        echo "$UNITS/multi-user.target.wants/$(unit "$1")"
      }
      """;

  private static final String APPLY =
      """
      unit_text() {
        cat <<END
      [Unit]
      Description=Address $1 of a virtual server of Posthouse (direct server return)
      DefaultDependencies=no
      After=local-fs.target systemd-sysctl.service
      Before=network.target shutdown.target
      Conflicts=shutdown.target

      [Service]
      Type=oneshot
      RemainAfterExit=yes
      ExecStart=$(add_command "$1")
      ExecStop=-$IP addr del $1/$(length "$1") dev lo

      [Install]
      WantedBy=multi-user.target
      END
      }
      # An IPv6 address must not become the source of what this machine begins.
      add_command() {
        case $1 in
          *:*) echo "$IP addr replace $1/128 dev lo nodad preferred_lft 0" ;;
          *) echo "$IP addr replace $1/32 dev lo" ;;
        esac
      }
      # Stricter settings of arp_ignore stay.
      sysctl_text() {
        ignore=1
        case $(value all arp_ignore) in 2 | 8) ignore=$(value all arp_ignore) ;; esac
        echo "# Posthouse, direct server return: ARP neither answers for addresses on lo nor names them."
        if [ -f "$SYSCTL" ] && grep '^# before' "$SYSCTL"; then :; else
          echo "# before $(value all arp_ignore) $(value all arp_announce)"
        fi
        echo "net.ipv4.conf.all.arp_ignore = $ignore"
        echo "net.ipv4.conf.all.arp_announce = 2"
      }
      apply() {
        [ "$(id -u)" = 0 ] || die "this needs root"
        for vip in $(vips); do
          for place in $(places "$vip"); do
            case $place in
              lo/*) ;;
              *) die "$vip is on ${place%%/*} here: is this the balancer? A server has it on lo only" ;;
            esac
          done
        done
        text=$(sysctl_text)
        mkdir -p /etc/sysctl.d && echo "$text" >"$SYSCTL" || die "cannot write $SYSCTL"
        echo "$text" | awk '/^net/ { n = split($1, p, "."); print p[n], $3 }' | while read -r name to; do
          echo "$to" >"$CONF/all/$name" || exit 1
        done || die "cannot set arp_ignore and arp_announce"
        for vip in $(vips); do
          # Not one with another length: two would be there.
          for place in $(places "$vip"); do
            [ "$place" = "lo/$(length "$vip")" ] || $IP addr del "$vip/${place#*/}" dev lo
          done
          $(add_command "$vip") || die "cannot add $vip"
          if [ -d "$UNITS" ]; then
            unit_text "$vip" >"$UNITS/$(unit "$vip")" || die "cannot write to $UNITS"
            mkdir -p "$UNITS/multi-user.target.wants"
            ln -sf "../$(unit "$vip")" "$(wants "$vip")"
          fi
        done
        reload
        verify
      }
      reload() {
        if [ -d /run/systemd/system ]; then
          systemctl daemon-reload
        fi
      }
      """;

  private static final String VERIFY =
      """
      verify() {
        for vip in $(vips); do
          verify_address "$vip"
          verify_reboot "$vip"
        done
        case $(vips) in *.*) verify_arp ;; esac
        echo "$MINE" | while read -r vip port; do
          [ -z "$vip" ] || verify_listener "$vip" "$port"
        done >"$TEMPORARY"
        cat "$TEMPORARY"
        DIFFERENT=$((DIFFERENT + $(grep -c '^WRONG' "$TEMPORARY")))
        others
        if [ "$DIFFERENT" = 0 ]; then echo "all is as it should be"; else echo "$DIFFERENT of these are not as they should be"; fi
      }
      verify_address() {
        found=$(places "$1" | tr '\\n' ' ')
        case $found in
          "lo/$(length "$1") ") good "$1 is on lo" ;;
          "") wrong "$1 is not here: packets of clients are dropped, and they time out" ;;
          *) wrong "$1 is at $found(interface/length): it must be on lo with /$(length "$1") and nowhere else, or this machine answers for it and takes mail past the balancer" ;;
        esac
        case $1 in
          *:*)
            [ "$(cat /proc/sys/net/ipv6/conf/lo/disable_ipv6 2>/dev/null || echo 0)" = 0 ] ||
              wrong "IPv6 is off on lo (net.ipv6.conf.lo.disable_ipv6)"
            ;;
        esac
      }
      # Of all and an interface's own value the greater one holds.
      verify_arp() {
        bad=$DIFFERENT
        for place in "$CONF"/*; do
          name=${place##*/}
          case $name in all | default | lo) continue ;; esac
          ignore=$(greater "$(value all arp_ignore)" "$(value "$name" arp_ignore)")
          announce=$(greater "$(value all arp_announce)" "$(value "$name" arp_announce)")
          case $ignore in
            1 | 2 | 8) ;;
            *) wrong "arp_ignore of $name is $ignore, not 1: this machine answers ARP for the VIP and takes mail past the balancer" ;;
          esac
          [ "$announce" = 2 ] || wrong "arp_announce of $name is $announce, not 2: ARP of this machine leads neighbours past the balancer"
        done
        [ "$bad" != "$DIFFERENT" ] || good "ARP is silent about it (arp_ignore, arp_announce)"
        if grep -q '^net.ipv4.conf.all.arp_ignore = [128]$' "$SYSCTL" 2>/dev/null &&
          grep -q '^net.ipv4.conf.all.arp_announce = 2$' "$SYSCTL"; then
          good "ARP will be silent after a reboot ($SYSCTL)"
        else
          wrong "$SYSCTL does not say so: after a reboot ARP answers again"
        fi
        verify_later
      }
      # Files are read in the order of their names, whatever folder they are in; /etc hides those of the same name.
      verify_later() {
        for file in /etc/sysctl.d/*.conf /run/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf; do
          base=${file##*/}
          expr "$base" '>' "${SYSCTL##*/}" >/dev/null || continue
          [ "$file" = "/etc/sysctl.d/$base" ] || [ ! -e "/etc/sysctl.d/$base" ] || continue
          verify_file "$file"
        done
        [ -e /etc/sysctl.d/99-sysctl.conf ] || verify_file /etc/sysctl.conf
      }
      verify_file() {
        [ -f "$1" ] || return 0
        if awk '
          { gsub(/[ \\t]/, ""); sub(/^-/, ""); gsub("/", ".") }
          /^net[.]ipv4[.]conf[.](all|[*])[.]arp_ignore=/ && !/=[128]$/ { other = 1 }
          /^net[.]ipv4[.]conf[.](all|[*])[.]arp_announce=/ && !/=2$/ { other = 1 }
          END { exit !other }' "$1"; then
          wrong "$1 is read later and says otherwise: after a reboot ARP may answer again"
        fi
      }
      greater() {
        if [ "$1" -gt "$2" ]; then echo "$1"; else echo "$2"; fi
      }
      verify_reboot() {
        if [ ! -d "$UNITS" ]; then
          note "no systemd here: have this script run at each start of the machine, before its network"
        elif [ -f "$(wants "$1")" ] && unit_text "$1" | cmp -s - "$UNITS/$(unit "$1")"; then
          good "$1 will be there after a reboot ($UNITS/$(unit "$1"))"
        else
          wrong "$UNITS/$(unit "$1") is not there, not enabled or not as it was: after a reboot $1 is missing"
        fi
      }
      # * is all addresses of both families; [::] is those of IPv6 alone.
      verify_listener() {
        command -v ss >/dev/null || {
          note "no ss here: whether something listens on $1 port $2 is not known"
          return
        }
        case $1 in
          *:*) ends="[$1]:$2 [::]:$2 *:$2" ;;
          *) ends="$1:$2 0.0.0.0:$2 *:$2 [::ffff:$1]:$2" ;;
        esac
        for end in $(ss -Hltn "sport = :$2" | awk '{ sub("%.*:", ":", $4); print $4 }'); do
          case " $ends " in
            *" $end "*)
              good "something listens on $1 port $2 ($end)"
              return
              ;;
          esac
        done
        wrong "nothing listens on $1 port $2: clients are refused; the head of this script says what a mail server must be told"
      }
      others() {
        for file in "$UNITS"/posthouse-vip-*.service; do
          [ -e "$file" ] || continue
          vip=${file##*/posthouse-vip-}
          vip=${vip%.service}
          case " $(vips | tr '\\n' ' ')" in
            *" $vip "*) ;;
            *)
              note "$vip is set up here, too: for another virtual server, or left over (then: ip addr del $vip/$(length "$vip") dev lo; rm $file $(wants "$vip"); systemctl daemon-reload)"
              ;;
          esac
        done
      }
      """;

  private static final String UNDO =
      """
      # Addresses first: at no moment does ARP answer for one.
      undo() {
        [ "$(id -u)" = 0 ] || die "this needs root"
        for vip in $(vips); do
          rm -f "$(wants "$vip")" "$UNITS/$(unit "$vip")"
          for place in $(places "$vip"); do
            case $place in
              lo/*) $IP addr del "$vip/${place#*/}" dev lo || die "cannot remove $vip" ;;
              *) note "$vip is on ${place%%/*} here and stays: this script does not put it there" ;;
            esac
          done
          good "$vip is taken away"
        done
        reload
        for file in "$UNITS"/posthouse-vip-*.service; do
          if [ -e "$file" ]; then
            note "${file##*/} is left, and with it what ARP needs"
            return
          fi
        done
        # Somebody's own, without a unit; what lo always has is of scope host.
        left=$(ip -o -4 addr show dev lo scope global | awk '{ sub("/.*", "", $4); printf "%s%s", s, $4; s = " " }')
        if [ -n "$left" ]; then
          note "$left is left on lo, and with it what ARP needs"
          return
        fi
        if [ -f "$SYSCTL" ]; then
          before=$(sed -n 's/^# before \\([0-9]\\) \\([0-9]\\)$/\\1 \\2/p' "$SYSCTL")
          rm -f "$SYSCTL"
          if [ -n "$before" ]; then
            echo "${before% *}" >"$CONF/all/arp_ignore"
            echo "${before#* }" >"$CONF/all/arp_announce"
          fi
        fi
      }
      """;

  private static final String END =
      """

      command -v awk >/dev/null || die "there is no awk"
      IP=$(command -v ip) || die "there is no ip (package iproute2)"
      MINE=$(mine)
      if [ -z "$MINE" ] && [ "$ACTION" = --undo ]; then
        MINE=$(rows | awk '{ print $2, $3 }') # It may be a member no more, or have another address.
      fi
      [ -n "$MINE" ] || die "this machine has none of the servers' addresses ($(rows | awk '{ print $1 }' | sort -u | tr '\\n' ' '| sed 's/ $//')): is it the right one?"
      TEMPORARY=$(mktemp) || die "cannot make a temporary file"
      trap 'rm -f "$TEMPORARY"' EXIT

      case $ACTION in
        --apply)
          apply
          exit 0
          ;;
        --verify)
          verify
          [ "$DIFFERENT" = 0 ] || exit 1
          ;;
        --undo) undo ;;
        *) die "what is $ACTION? Nothing, --verify or --undo" ;;
      esac
      """;

  private LinuxScript() {}

  static String of(List<SetupRow> rows, String names, SetupScript.Action action) {
    String mail =
        MailServers.linux(rows).stream().map(line -> "# " + line).collect(Collectors.joining("\n"));
    String lines =
        rows.stream()
            .map(row -> "%s %s %d".formatted(row.server(), row.vipText(), row.port()))
            .collect(Collectors.joining("\n"));
    return head(names, mail, action.name().toLowerCase(Locale.ROOT), lines)
        + COMMON
        + APPLY
        + VERIFY
        + UNDO
        + END;
  }

  private static String head(String names, String mail, String action, String lines) {
    return """
    #!/bin/sh
    # Posthouse, direct server return: has this machine answer clients from the VIP by itself.
    # For the servers, all alike (each finds its lines by its own address):
    %s
    # As root:  sh FILE            sets up what is missing; may be run again
    #           sh FILE --verify   changes nothing, exits with 1 where something differs
    #           sh FILE --undo     takes all of it away
    #
    %s

    ACTION=${1:---%s}

    # A server's own address, a VIP, the port.
    rows() {
      cat <<'END'
    %s
    END
    }
    """
        .formatted(names, mail, action, lines);
  }
}
