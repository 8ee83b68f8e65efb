package io.posthouse.admin;

import io.posthouse.audit.LiveAuditor;
import io.posthouse.door.BadQuestionException;
import io.posthouse.door.ConfigApplier.Applied;
import io.posthouse.door.Event;
import io.posthouse.door.EventKind;
import io.posthouse.door.ProbeReport;
import io.posthouse.door.UnknownMemberException;
import io.posthouse.model.AdminState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The routes of the API and what each does; knows nothing of sockets.
 *
 * <p>That a path is unknown is told only to whoever has the token.
 */
final class Api {
  /** Who asked, in events and in the doors. */
  private static final String AUTHOR = "api";

  private static final String MEMBER = "/api/v1/pools/{pool}/members/{member}";
  private static final String TRACES = "/api/v1/traces";
  private static final String LIVE_AUDIT = "/api/v1/audit/live";
  private static final String PATH = "/api/v1/path";
  private static final String DSR_CHECK = "/api/v1/dsr/check";
  private static final int PROBES_AT_ONCE = 8;

  private final AdminDoors doors;
  private final Guard guard;
  private final List<Route> routes;
  private final Semaphore probing = new Semaphore(PROBES_AT_ONCE);
  private final Semaphore auditing = new Semaphore(1);
  private final Semaphore walking = new Semaphore(1);
  private final Semaphore checking = new Semaphore(1);

  Api(AdminDoors doors, Guard guard) {
    this.doors = doors;
    this.guard = guard;
    this.routes =
        List.of(
            open("/healthz", (_, _) -> Answer.text(200, "alive\n")),
            open("/readyz", (_, _) -> ready()),
            open("/metrics", (_, _) -> metrics()),
            get(
                "/api/v1/status",
                (_, _) -> Answer.json(200, StatusJson.of(doors.status().status()))),
            get(
                "/api/v1/report",
                (_, _) -> Answer.json(200, ReportJson.of(doors.report().report()))),
            get("/api/v1/why", (request, _) -> why(request)),
            get(LIVE_AUDIT, (_, _) -> audited()),
            post(LIVE_AUDIT, (request, _) -> audit(request)),
            get(PATH, (_, _) -> Answer.json(200, PathJson.of(doors.paths().plan()))),
            post(PATH, (request, _) -> path(request)),
            get(DSR_CHECK, (_, _) -> Answer.json(200, DsrJson.of(doors.dsr().plan()))),
            post(DSR_CHECK, (request, _) -> dsr(request)),
            post(TRACES, (request, _) -> TraceJson.begun(asked(request), doors.tracing())),
            get(TRACES + "/{trace}", (_, names) -> TraceJson.read(names.get(0), doors.tracing())),
            post(
                TRACES + "/{trace}/end",
                (_, names) -> TraceJson.ended(names.get(0), doors.tracing())),
            get(MEMBER, (_, names) -> member(names.get(0), names.get(1))),
            post("/api/v1/reload", (_, _) -> reload(false)),
            post("/api/v1/reload/force", (_, _) -> reload(true)),
            post(MEMBER + "/drain", (_, names) -> administer(names, AdminState.DRAINING)),
            post(MEMBER + "/enable", (_, names) -> administer(names, AdminState.ENABLED)),
            post(MEMBER + "/disable", (_, names) -> administer(names, AdminState.DISABLED)),
            post(MEMBER + "/probe", (_, names) -> probe(names.get(0), names.get(1))));
  }

  List<Route> routes() {
    return routes;
  }

  /** Answers any request; never throws. */
  Answer answer(Request request) {
    Optional<Answer> refused = guard.foreign(request);
    if (refused.isEmpty() && !isOpen(request.path())) {
      refused = guard.stranger(request);
    }
    if (refused.isPresent()) {
      doors
          .events()
          .emit(
              Event.of(
                  EventKind.ADMIN_REFUSED,
                  "method",
                  request.method(),
                  "path",
                  request.path(),
                  "status",
                  refused.get().status()));
      return refused.get();
    }
    try {
      return dispatch(request);
    } catch (UnknownMemberException unknown) {
      return Answer.error(404, String.valueOf(unknown.getMessage()));
    } catch (BadQuestionException bad) {
      return Answer.error(400, String.valueOf(bad.getMessage()));
    } catch (RuntimeException bug) {
      doors
          .events()
          .emit(
              Event.of(
                  EventKind.BUG, "in", "api", "path", request.path(), "error", bug.toString()));
      return Answer.error(500, "unexpected error: it is in the log; please report it");
    }
  }

  private Answer dispatch(Request request) {
    Optional<List<String>> segments = request.segments();
    if (segments.isEmpty()) {
      return Answer.error(400, "the path is not well formed");
    }
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<List<String>> names = route.match(segments.get());
      if (names.isPresent() && route.method().equals(request.method())) {
        return route.action().answer(request, names.get());
      }
      if (names.isPresent()) {
        allowed.add(route.method());
      }
    }
    if (allowed.isEmpty()) {
      return Answer.error(404, "there is no such path; docs/openapi.yaml lists them");
    }
    String allow = String.join(", ", allowed);
    return Answer.error(405, "this path takes " + allow + " only").with("Allow", allow);
  }

  /** Whether no token is needed; encoded forms of an open path need one. */
  private boolean isOpen(String path) {
    return routes.stream().anyMatch(route -> route.open() && route.template().equals(path));
  }

  private Answer ready() {
    return doors.ready().getAsBoolean()
        ? Answer.text(200, "ready\n")
        : Answer.text(503, "not ready: not all listeners are bound\n");
  }

  private Answer metrics() {
    return new Answer(
        200, "text/plain; version=0.0.4; charset=utf-8", doors.metrics().text(), Map.of());
  }

  private static Map<String, String> asked(Request request) {
    return request
        .parameters()
        .orElseThrow(
            () -> new BadQuestionException("the query is not well formed, or names a key twice"));
  }

  private Answer audited() {
    return Answer.json(200, AuditJson.of(doors.auditor().plan()));
  }

  private Answer audit(Request request) {
    Map<String, String> asked = asked(request);
    String target = asked.getOrDefault("target", "");
    String recipient = asked.getOrDefault("recipient", LiveAuditor.RECIPIENT);
    if (!auditing.tryAcquire()) {
      return Answer.error(429, "an audit is running already; try again").with("Retry-After", "5");
    }
    try {
      return Answer.json(200, AuditJson.of(doors.auditor().ask(target, recipient)));
    } finally {
      auditing.release();
    }
  }

  private Answer path(Request request) {
    Map<String, String> asked = asked(request);
    if (!walking.tryAcquire()) {
      return Answer.error(429, "a path test is running already; try again")
          .with("Retry-After", "5");
    }
    try {
      return Answer.json(200, PathJson.asked(asked, doors.paths()));
    } finally {
      walking.release();
    }
  }

  private Answer dsr(Request request) {
    Map<String, String> asked = asked(request);
    if (!checking.tryAcquire()) {
      return Answer.error(429, "a check of servers is running already; try again")
          .with("Retry-After", "5");
    }
    try {
      return Answer.json(200, DsrJson.asked(asked, doors.dsr()));
    } finally {
      checking.release();
    }
  }

  private Answer why(Request request) {
    Map<String, String> asked = asked(request);
    return Answer.json(200, WhyQuestion.answer(asked, doors.explainer()));
  }

  private Answer member(String pool, String member) {
    return Answer.json(200, StatusJson.of(NamedMember.find(doors.status().status(), pool, member)));
  }

  private Answer administer(List<String> names, AdminState state) {
    String pool = names.get(0);
    String member = names.get(1);
    NamedMember.find(doors.status().status(), pool, member);
    doors.control().administer(pool, member, state, AUTHOR);
    return member(pool, member);
  }

  private Answer probe(String pool, String member) {
    NamedMember.find(doors.status().status(), pool, member);
    if (!probing.tryAcquire()) {
      return Answer.error(429, PROBES_AT_ONCE + " probes are running already; try again")
          .with("Retry-After", "5");
    }
    try {
      List<ProbeReport> reports = doors.probes().probe(pool, member);
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("pool", pool).put("member", member);
      json.set("probes", ProbeJson.withDialogue(reports));
      return Answer.json(200, json);
    } finally {
      probing.release();
    }
  }

  private Answer reload(boolean force) {
    Applied applied = doors.configuration().reload(AUTHOR, force);
    ObjectNode json =
        applied.applied()
            ? JsonNodeFactory.instance.objectNode()
            : Answer.error("configuration refused, nothing changed");
    json.put("applied", applied.applied()).put("generation", applied.generation());
    ArrayNode changes = json.putArray("changes");
    applied.changes().forEach(changes::add);
    ArrayNode problems = json.putArray("problems");
    applied.problems().forEach(problems::add);
    return Answer.json(applied.applied() ? 200 : 409, json);
  }

  private static Route open(String path, Route.Action action) {
    return new Route("GET", path, true, action);
  }

  private static Route get(String path, Route.Action action) {
    return new Route("GET", path, false, action);
  }

  private static Route post(String path, Route.Action action) {
    return new Route("POST", path, false, action);
  }
}
