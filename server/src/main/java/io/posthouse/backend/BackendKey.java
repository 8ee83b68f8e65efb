package io.posthouse.backend;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * All that makes two connections to a member interchangeable, beside its TLS, which is the pool's:
 * only between clients of equal keys is a connection kept and used again.
 *
 * @param source the address of ours, or of the client, that it leaves from; null for the kernel's
 *     choice
 * @param target the address that it goes to
 * @param identity what the member was told about the client; null for nothing
 */
public record BackendKey(
    @Nullable InetAddress source, InetSocketAddress target, @Nullable Object identity) {}
