package io.posthouse.audit;

import io.posthouse.policy.ProbeSource;
import java.util.List;

/** The one change for a member that takes mail for strangers, by the most likely cause. */
final class RelayRemedy {
  private static final String LISTS =
      "Postfix: mynetworks; Exim: hostlist relay_from_hosts (Debian: dc_relay_nets); Exchange: the remote"
          + " IP ranges of the receive connector that has Ms-Exch-SMTP-Accept-Any-Recipient or is \"Externally"
          + " secured\"";
  private static final String OPEN =
      " If it takes them from other addresses, too, it is open to anybody. Postfix: reject_unauth_destination is"
          + " missing in smtpd_relay_restrictions; Exim: acl_smtp_rcpt accepts without a test of domains;"
          + " Exchange: remove that right from NT AUTHORITY\\ANONYMOUS LOGON on the Default Frontend connector.";

  private RelayRemedy() {}

  static String of(LiveTarget target, List<Tried> accepted) {
    if (!LiveFindings.isPlain(accepted)) {
      return hidden();
    }
    return switch (target) {
      case LiveTarget.Client client when !client.shared().isEmpty() ->
          ownSource(client.flow().who(), client.shared());
      case LiveTarget.Client client when !client.flow().isMasked() -> unmasked();
      case LiveTarget.Client client when client.flow().isUnenforced() ->
          "Write mode: smtp in %s, so that Posthouse holds clients to relay: %s. "
                  .formatted(client.server().name(), client.of().relay())
              + offTheList("Posthouse's address");
      case LiveTarget.Client client ->
          offTheList("the source address of " + client.of().name())
              + (client.flow().isSmtp()
                  ? " Or let Posthouse refuse: give the class a data group of your domains as relay."
                  : "");
      case LiveTarget.Straight straight when !straight.shared().isEmpty() ->
          ownSource(LiveFindings.who(straight), straight.shared());
      case LiveTarget.Straight straight -> offTheList(address(straight.from()));
    };
  }

  private static String address(ProbeSource from) {
    return from.equals(ProbeSource.AUTOMAP)
        ? "the address that automap comes to (posthouse status has it)"
        : from.toString();
  }

  /** One address for two rights. */
  private static String ownSource(String gains, List<String> shared) {
    return "Give %s a source address of its own (snat), since %s needs this one to relay, and keep the new one off the member's list (%s)."
        .formatted(gains, String.join(", ", shared), LISTS);
  }

  /** Nobody needs to relay from there. */
  private static String offTheList(String address) {
    return "Take %s off the member's list of those who may relay (%s).".formatted(address, LISTS)
        + OPEN;
  }

  /** The member knows the client itself. */
  private static String unmasked() {
    return "The member sees the client's own address: take it, or the network around it, off the member's list of those who may relay (%s)."
            .formatted(LISTS)
        + OPEN;
  }

  private static String hidden() {
    return "Nothing, if the member takes every local part of its own domains and looks no further. Else let it refuse"
        + " @, % and ! in local parts. Postfix: allow_untrusted_routing = no, allow_percent_hack and swap_bangpath"
        + " = no; Exim: deny local_parts = ^.*[@%!/|] in acl_smtp_rcpt; Exchange: recipient validation"
        + " (Set-RecipientFilterConfig -RecipientValidationEnabled $true).";
  }
}
