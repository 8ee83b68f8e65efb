package io.posthouse.model;

import org.jspecify.annotations.Nullable;

/** Mode dsr: what the kernel of this machine is told. */
public record Dsr(
    @Key(
            value =
                "The network device that clients' packets come in by, and behind which the members are;"
                    + " when absent, the one that has the VIP's network",
            example = "eth0")
        @Nullable String device,
    @Key(
            value =
                "Whether Posthouse puts the VIPs on the device, and takes them away when it ends; false"
                    + " where VRRP or another program does",
            fallback = "true")
        boolean addAddress,
    @Key(
            value =
                "Most new links of one address in a second, in bursts of as many; further ones wait, as"
                    + " the client's system tries again. 0: any",
            fallback = "0",
            max = 1_000_000)
        int newLinksPerClient) {}
