package io.posthouse.path;

import io.posthouse.model.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * An address of a virtual server, as this machine sees it.
 *
 * @param listen what the file has
 * @param bound what is bound, with its real port; null for nothing
 * @param at where the address is; {@link Whereabouts#UNKNOWN} for every address
 * @param attempt a connect from this machine; null where nothing is bound
 */
public record Vip(
    Endpoint listen, @Nullable Endpoint bound, Whereabouts at, @Nullable Attempt attempt) {}
