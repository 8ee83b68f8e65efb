package io.posthouse.audit;

import io.posthouse.model.Configuration;
import io.posthouse.policy.DataGroups;
import java.util.List;

/** What is looked at. */
record Audited(
    Configuration configuration, DataGroups groups, KernelChoice kernel, List<Flow> flows) {
  static Audited of(Configuration configuration, DataGroups groups, KernelChoice kernel) {
    return new Audited(configuration, groups, kernel, Flow.all(configuration));
  }
}
