package io.posthouse.door;

import io.posthouse.model.Endpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many source ports connections from one address of ours to one member hold.
 *
 * @param used ports held now
 * @param capacity as many as the kernel has to give
 * @param exhaustedIn when none is left at the rate of the last minutes; null when that is not in
 *     sight
 */
public record PortUse(
    String source, Endpoint member, int used, int capacity, @Nullable Duration exhaustedIn) {}
