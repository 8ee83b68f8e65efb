package io.posthouse.audit;

import io.posthouse.model.Configuration;
import java.util.List;
import java.util.Set;

/** What Exchange servers as members must be told of a configuration that is meant as it is. */
public final class ExchangeCommands {
  private ExchangeCommands() {}

  /**
   * A receive connector for each class whose clients members do not see, for the Exchange
   * Management Shell.
   */
  public static List<String> of(Configuration configuration, KernelChoice kernel) {
    return ExchangeConnector.commands(
        Flow.all(configuration).stream()
            .filter(Flow::isMasked)
            .flatMap(flow -> ExchangeConnector.of(flow, kernel, Set.of()).stream())
            .toList());
  }
}
