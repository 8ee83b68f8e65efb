package io.posthouse.report;

import java.time.Instant;

/**
 * A class, or a whole virtual server, that brought no work.
 *
 * @param clientClass empty for the whole virtual server
 * @param since since when
 * @param links links that came to nothing
 */
public record Quiet(String server, String clientClass, Instant since, long links) {}
