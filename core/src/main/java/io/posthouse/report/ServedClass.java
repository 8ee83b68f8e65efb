package io.posthouse.report;

import io.posthouse.model.VirtualServer.Mode;
import java.time.Instant;

/**
 * A class that a virtual server serves now.
 *
 * @param pool where its work goes, unless a rule says otherwise
 * @param since since when it is served, at the earliest the start
 * @param links links that were let in as it
 */
public record ServedClass(
    String server, Mode mode, String clientClass, String pool, Instant since, long links) {}
