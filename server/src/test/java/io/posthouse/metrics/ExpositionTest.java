package io.posthouse.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthouse.admin.House;
import io.posthouse.door.Status;
import io.posthouse.model.AdminState;
import io.posthouse.model.MemberTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExpositionTest {
  /** The grammar of a sample line of the text format, version 0.0.4. */
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_]+)(\\{([a-z_]+=\"([^\"\\\\\n]|\\\\[\\\\n\"])*\",?)*})? [-+0-9.Ee]+");

  private final House house = new House();
  private final String text = expose(house.status());

  @Test
  void everyLineFollowsTheGrammar() {
    assertThat(text.lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("# ") || SAMPLE.matcher(line).matches());
    assertThat(text).endsWith("\n");
  }

  @Test
  void tellsLinksMembersAndProbes() {
    assertThat(text.lines())
        .contains(
            "# TYPE posthouse_links_total counter",
            "posthouse_links_total{virtual_server=\"SMTP_VS\"} 40.0",
            "posthouse_links_open{virtual_server=\"SMTP_VS\"} 2.0",
            "posthouse_link_received_bytes_total{virtual_server=\"SMTP_VS\"} 4096.0",
            "posthouse_links_of_no_class_total{virtual_server=\"SMTP_VS\"} 5.0",
            "posthouse_links_not_believed_total{virtual_server=\"SMTP_VS\"} 2.0",
            "posthouse_class_links_open{class=\"relay\",virtual_server=\"SMTP_VS\"} 2.0",
            "posthouse_class_links_total{class=\"relay\",virtual_server=\"SMTP_VS\"} 30.0",
            "posthouse_class_refused_links_total{class=\"relay\",virtual_server=\"SMTP_VS\"} 1.0",
            "posthouse_class_messages_total{class=\"relay\",virtual_server=\"SMTP_VS\"} 70.0",
            "posthouse_class_refused_messages_total{class=\"relay\",virtual_server=\"SMTP_VS\"} 3.0",
            "posthouse_class_messages_total{class=\"internet\",virtual_server=\"SMTP_VS\"} 0.0",
            "posthouse_edge_checked_total{check=\"dns-lists\",virtual_server=\"SMTP_VS\"} 40.0",
            "posthouse_edge_matched_total{check=\"dns-lists\",virtual_server=\"SMTP_VS\"} 7.0",
            "posthouse_dns_list_listed_total{list=\"zen.example.org\",virtual_server=\"SMTP_VS\"} 8.0",
            "posthouse_pool_usable_members{pool=\"hub\"} 1.0",
            "posthouse_member_state{member=\"ex2\",pool=\"hub\",state=\"pressure\"} 1.0",
            "posthouse_member_state{member=\"ex2\",pool=\"hub\",state=\"up\"} 0.0",
            "posthouse_member_administrative_state{member=\"ex1\",pool=\"hub\",state=\"enabled\"}"
                + " 1.0",
            "posthouse_member_weight_share{member=\"ex2\",pool=\"hub\",scope=\"outside\"} 0.5",
            "posthouse_member_weight_share{member=\"ex2\",pool=\"hub\",scope=\"inside\"} 1.0",
            "posthouse_probe_success{member=\"ex1\",monitor=\"tcp\",pool=\"hub\"} 1.0",
            "posthouse_probe_success{member=\"ex2\",monitor=\"deep\",pool=\"hub\"} 0.0",
            "posthouse_source_ports_used{member=\"10.1.1.21:25\",source=\"172.16.51.175\"} 812.0",
            "posthouse_source_ports_capacity{member=\"10.1.1.21:25\",source=\"172.16.51.175\"}"
                + " 1000.0",
            "posthouse_events_dropped_total 7.0",
            "posthouse_direct_memory_used_bytes 65536.0",
            "posthouse_uptime_seconds 60.0",
            "posthouse_configuration_generation 1.0");
  }

  @Test
  void escapesHostileNames() {
    Status status =
        new Status(
            1,
            house.status().started(),
            List.of(),
            List.of(
                new Status.PoolStatus(
                    "a\"b\\c\nd",
                    AdminState.ENABLED,
                    Status.Effective.DOWN,
                    "",
                    Instant.EPOCH,
                    MemberTls.Mode.OFF,
                    3,
                    List.of())),
            List.of(),
            List.of());
    assertThat(expose(status).lines())
        .contains("posthouse_pool_waiting_links{pool=\"a\\\"b\\\\c\\nd\"} 3.0");
  }

  @Test
  void theDocumentListsEveryMetricAndNoOther() throws Exception {
    Set<String> exposed =
        text.lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ", -1)[2])
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented =
        Pattern.compile("(?m)^\\| `(posthouse_[a-z_]+)`")
            .matcher(Files.readString(Path.of("../docs/features/operations.md")))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isEqualTo(exposed);
  }

  private static String expose(Status status) {
    Instant now = status.started().plusSeconds(60);
    return new Exposition(() -> status, () -> now, () -> 7, () -> 65_536).text();
  }
}
