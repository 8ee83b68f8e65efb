package io.posthouse.admin;

import io.posthouse.config.NearestWord;
import io.posthouse.door.Status;
import io.posthouse.door.UnknownMemberException;
import java.util.List;

/** A member as it runs, found by the names on a request's path. */
record NamedMember(Status.PoolStatus pool, Status.MemberState member) {

  /**
   * Finds it.
   *
   * @throws UnknownMemberException naming the nearest and all there are
   */
  static NamedMember find(Status status, String poolName, String memberName) {
    for (Status.PoolStatus pool : status.pools()) {
      if (pool.name().equals(poolName)) {
        for (Status.MemberState member : pool.members()) {
          if (member.name().equals(memberName)) {
            return new NamedMember(pool, member);
          }
        }
        List<String> members = pool.members().stream().map(Status.MemberState::name).toList();
        throw unknown(
            "pool " + poolName + " has no member " + memberName, "members", memberName, members);
      }
    }
    List<String> pools = status.pools().stream().map(Status.PoolStatus::name).toList();
    throw unknown("there is no pool " + poolName, "pools", poolName, pools);
  }

  private static UnknownMemberException unknown(
      String what, String kind, String written, List<String> names) {
    String hint = NearestWord.to(written, names).map(near -> "; did you mean " + near + "?").orElse("");
    String all = names.size() > 20 ? "" : " (" + kind + ": " + String.join(", ", names) + ")";
    return new UnknownMemberException(what + hint + all);
  }
}
