package io.posthouse.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the API looks at in an HTTP request.
 *
 * @param path as it stands on the request line, still encoded, without the query
 */
record Request(
    String method,
    String path,
    @Nullable String host,
    @Nullable String origin,
    @Nullable String fetchSite,
    @Nullable String authorization) {

  /** The decoded segments of the path; empty when it is not well formed. */
  Optional<List<String>> segments() {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    List<String> segments = new ArrayList<>();
    try {
      for (String segment : path.substring(1).split("/", -1)) {
        // URLDecoder is for forms, where + is a space; in a path it is itself.
        segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException badEscape) {
      return Optional.empty();
    }
    return Optional.of(segments);
  }
}
