package io.posthouse.edge;

import io.posthouse.edge.EdgePolicy.WatchedList;
import io.posthouse.model.EdgeChecks.DnsLists;
import io.posthouse.model.EdgeChecks.ReverseDns;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What DNS is asked about one client before its greeting, and what the answers come to. What is not
 * answered by the end counts as good. Lives on the client's loop.
 */
public final class ClientLookups implements Inquiry {
  private final EdgePolicy policy;
  private final String backwards;
  private final Known known;
  private final Map<Lookup, List<WatchedList>> pending = new LinkedHashMap<>();
  private final List<String> hits = new ArrayList<>();
  private final List<String> refusing = new ArrayList<>();
  private final @Nullable ClientName name;
  private boolean missing;
  private int score;

  /** What DNS has said already. */
  public interface Known {
    /** The answer; null when DNS must be asked. */
    @Nullable Answer of(Lookup lookup);
  }

  /** Nothing is asked yet. */
  public ClientLookups(EdgePolicy policy, InetAddress client, Known known) {
    this.policy = policy;
    this.backwards = AddressName.backwards(client);
    this.known = known;
    ReverseDns reverse = policy.settings().reverseDns();
    this.name =
        reverse == null ? null : new ClientName(policy, reverse.require(), client, backwards);
  }

  @Override
  public List<Lookup> first(long nanos) {
    for (WatchedList list : policy.lists()) {
      list.state().tally().asked();
      Lookup lookup = list.rule().lookup(backwards);
      Answer kept = known.of(lookup);
      if (kept != null) {
        judge(list, kept, nanos); // It tells nothing new of the list.
      } else if (list.state().mayAsk(nanos)) {
        pending.computeIfAbsent(lookup, _ -> new ArrayList<>(1)).add(list);
      } else {
        unanswered(list);
      }
    }
    List<Lookup> all = new ArrayList<>(pending.keySet());
    if (policy.settings().dnsLists() != null) {
      policy.state().of(Check.DNS_LISTS).asked();
    }
    if (name != null) {
      policy.state().of(Check.REVERSE_DNS).asked();
      all.add(name.first());
    }
    return all;
  }

  @Override
  public List<Lookup> answered(Lookup asked, Answer answer, long nanos) {
    List<WatchedList> lists = pending.remove(asked);
    if (lists != null) {
      for (WatchedList list : lists) {
        switch (answer.kind()) {
          case FOUND, NONE -> list.state().answered();
          case FAILED -> list.state().failed(asked, nanos);
          case NOT_ASKED -> list.state().notAsked(nanos);
        }
        judge(list, answer, nanos);
      }
      return List.of();
    }
    return name == null ? List.of() : name.answered(asked, answer);
  }

  private void judge(WatchedList list, Answer answer, long nanos) {
    if (answer.isSilent()) {
      unanswered(list);
      return;
    }
    ListRule.Verdict verdict = list.rule().judge(answer);
    if (verdict.refused()) {
      silent(list);
      if (list.state().refused(nanos)) {
        refusing.add(list.name());
      }
      return;
    }
    if (verdict.score() != 0) {
      list.state().tally().met();
      score += verdict.score();
    }
    if (verdict.score() > 0) {
      hits.add(list.name());
    }
  }

  private void unanswered(WatchedList list) {
    list.state().tally().unanswered();
    missing = true;
    silent(list);
  }

  /** What a list that says nothing might have said for the client is taken as said. */
  private void silent(WatchedList list) {
    score += list.rule().least();
  }

  @Override
  public boolean isDone() {
    return pending.isEmpty() && (name == null || name.isDone());
  }

  @Override
  public void abandoned(long nanos) {
    pending.values().forEach(lists -> lists.forEach(each -> each.state().notAsked(nanos)));
  }

  @Override
  public List<String> refusing() {
    return refusing;
  }

  @Override
  public List<Finding> findings(long nanos) {
    List<Finding> found = new ArrayList<>();
    pending.forEach((lookup, lists) -> {
      for (WatchedList list : lists) {
        unanswered(list);
        list.state().failed(lookup, nanos);
      }
    });
    pending.clear();
    DnsLists settings = policy.settings().dnsLists();
    if (settings != null && score >= settings.threshold()) {
      String names = String.join(", ", hits);
      found.add(
          new Finding(Check.DNS_LISTS, settings.action(), "listed by " + names, score, names));
    } else if (settings != null && missing) {
      policy.state().of(Check.DNS_LISTS).unanswered();
    }
    ReverseDns reverse = policy.settings().reverseDns();
    if (reverse != null && name != null) {
      String problem = name.problem();
      if (problem != null) {
        found.add(Finding.of(Check.REVERSE_DNS, reverse.action(), problem));
      } else if (!name.isGood()) {
        policy.state().of(Check.REVERSE_DNS).unanswered();
      }
    }
    found.forEach(each -> policy.state().of(each.check()).met());
    return found;
  }
}
