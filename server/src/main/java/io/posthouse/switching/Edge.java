package io.posthouse.switching;

import io.posthouse.door.Status.EdgeStatus;
import io.posthouse.edge.Check;
import io.posthouse.edge.EdgePolicy;
import io.posthouse.edge.ListState;
import io.posthouse.edge.Tally;
import io.posthouse.net.Dns;
import java.util.ArrayList;
import java.util.List;

/**
 * The edge checks of a virtual server, and whom they ask.
 *
 * @param policy what is looked at
 * @param dns who knows names
 */
public record Edge(EdgePolicy policy, Dns dns) {

  /** What the checks came to so far, those that are on. */
  List<EdgeStatus> status() {
    List<EdgeStatus> all = new ArrayList<>();
    for (Check check : policy.checks()) {
      all.add(of(check, "", policy.state().of(check), 0));
      if (check == Check.DNS_LISTS) {
        for (String name : policy.listNames()) {
          ListState list = policy.state().list(name);
          all.add(of(check, name, list.tally(), list.refusals()));
        }
      }
    }
    return all;
  }

  private static EdgeStatus of(Check check, String list, Tally tally, long refusals) {
    return new EdgeStatus(
        check.phrase(), list, tally.asks(), tally.hits(), tally.misses(), refusals);
  }
}
