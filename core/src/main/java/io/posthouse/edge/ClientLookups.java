package io.posthouse.edge;

import io.posthouse.edge.EdgePolicy.WatchedList;
import io.posthouse.model.EdgeChecks.DnsLists;
import io.posthouse.model.EdgeChecks.ReverseDns;
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
  private final RecentClient client;
  private final String backwards;
  private final KnownAnswers known;
  private final Map<Lookup, List<WatchedList>> pending = new LinkedHashMap<>();
  private final List<Tally> met = new ArrayList<>(0);
  private final List<String> hits = new ArrayList<>(0);
  private final List<String> refusing = new ArrayList<>(0);
  private final @Nullable ClientName name;
  private boolean missing;
  private int score;

  /** Nothing is asked yet. */
  public ClientLookups(EdgePolicy policy, RecentClient client, Kept.Answers known) {
    this.policy = policy;
    this.client = client;
    this.backwards = AddressName.backwards(client.address());
    this.known = new KnownAnswers(known);
    ReverseDns reverse = policy.settings().reverseDns();
    this.name =
        reverse == null
            ? null
            : new ClientName(policy, reverse.require(), client.address(), backwards);
  }

  /** What the client's last link has found out, if that still holds; else null. */
  public static @Nullable List<Finding> remembered(RecentClient client, long nanos) {
    return Remembered.repeat(client.lookups(), null, nanos);
  }

  @Override
  public List<Lookup> first(long nanos) {
    known.begin(nanos);
    policy.lookups().forEach(Tally::asked);
    for (WatchedList list : policy.lists()) {
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
    if (name != null) {
      all.addAll(unknown(name, List.of(name.first())));
    }
    return all;
  }

  /** Of questions about the name those that are to be asked, and those that follow from others. */
  private List<Lookup> unknown(ClientName of, List<Lookup> questions) {
    List<Lookup> open = new ArrayList<>(questions.size());
    for (Lookup each : questions) {
      Answer kept = known.of(each);
      if (kept == null) {
        open.add(each);
      } else {
        open.addAll(unknown(of, of.answered(each, kept)));
      }
    }
    return open;
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
    return name == null ? List.of() : unknown(name, name.answered(asked, answer));
  }

  private void judge(WatchedList list, Answer answer, long nanos) {
    if (answer.isSilent()) {
      unanswered(list);
      return;
    }
    ListRule.Verdict verdict = list.rule().judge(answer);
    if (verdict.refused()) {
      known.forOnce(); // Each time is counted, and people hear of it again.
      silent(list);
      if (list.state().refused(nanos)) {
        refusing.add(list.name());
      }
      return;
    }
    if (verdict.score() != 0) {
      meet(list.state().tally());
      score += verdict.score();
    }
    if (verdict.score() > 0) {
      hits.add(list.name());
    }
  }

  private void meet(Tally tally) {
    tally.met();
    met.add(tally);
  }

  private void unanswered(WatchedList list) {
    known.forOnce();
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
        known.forOnce();
        policy.state().of(Check.REVERSE_DNS).unanswered();
      }
    }
    found.forEach(each -> meet(policy.state().of(each.check())));
    if (known.holds()) {
      client.keepLookups(
          new Remembered(
              null, policy.lookups(), List.copyOf(found), List.copyOf(met), known.until()));
    }
    return found;
  }
}
