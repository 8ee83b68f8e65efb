package io.posthouse.app;

import io.posthouse.config.NearestWord;
import io.posthouse.door.BadQuestionException;
import io.posthouse.door.Why.Question;
import io.posthouse.model.Configuration;
import io.posthouse.model.VirtualServer;
import java.util.Collection;
import java.util.List;

/** The virtual servers that a question is about. */
final class ExplainedServers {
  private static final int MOST_NAMED = 20;

  private ExplainedServers() {}

  /** The one that it names, or all. */
  static Collection<VirtualServer> of(Configuration configuration, Question question) {
    String name = question.server();
    if (name == null) {
      return configuration.virtualServers().values();
    }
    VirtualServer one = configuration.virtualServers().get(name);
    if (one != null) {
      return List.of(one);
    }
    Collection<String> names = configuration.virtualServers().keySet();
    String near =
        NearestWord.to(name, names).map(each -> "; did you mean " + each + "?").orElse("");
    String all =
        names.size() > MOST_NAMED ? "" : " (virtual servers: " + String.join(", ", names) + ")";
    throw new BadQuestionException("there is no virtual server " + name + near + all);
  }
}
