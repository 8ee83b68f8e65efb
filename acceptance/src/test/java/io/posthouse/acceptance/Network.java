package io.posthouse.acceptance;

import java.time.Duration;
import java.util.List;

/** Where a server runs and is reached: the network of the machine, or one of its own. */
interface Network {
  /** That of the machine. */
  Network OF_MACHINE =
      new Network() {
        @Override
        public List<String> command(List<String> program) {
          return program;
        }

        @Override
        public List<String> places(int port) {
          return List.of("127.0.0.1:" + port, "[::1]:" + port);
        }

        @Override
        public void awaitServer(int port) {
          Talk.awaitBanner("127.0.0.1", port, Duration.ofSeconds(30));
        }
      };

  /** The command line that runs a program in it. */
  List<String> command(List<String> program);

  /** Where a server that is for everybody listens, in the words of Postfix. */
  List<String> places(int port);

  /** Waits until a mail server on this port of 127.0.0.1 takes connections. */
  void awaitServer(int port);
}
