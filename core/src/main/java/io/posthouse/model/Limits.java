package io.posthouse.model;

/** Bounds of the whole process. */
public record Limits(
    @Key(
            value =
                "Most client links at once; further ones wait in the kernel's backlog. 0: as many as"
                    + " file descriptors and direct memory allow",
            fallback = "0",
            max = 10_000_000)
        int maxLinks,
    @Key(value = "Event loops; 0: one per processor", fallback = "0", max = 256) int threads,
    @Key(
            value = "How long SIGTERM waits for running links before it cuts them",
            fallback = "30s",
            max = 86_400_000)
        java.time.Duration shutdownTimeout) {}
