package io.posthouse.audit;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Which source address the kernel would choose, for classes with {@code snat: automap}. */
@FunctionalInterface
public interface KernelChoice {
  /** Nobody knows. */
  KernelChoice UNKNOWN = member -> null;

  /** The source of connections to an address; null when it is not known. */
  @Nullable InetAddress towards(InetAddress member);
}
