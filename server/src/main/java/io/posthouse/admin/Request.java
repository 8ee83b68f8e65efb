package io.posthouse.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the API looks at in an HTTP request.
 *
 * @param path as it stands on the request line, still encoded, without the query
 * @param query what stands behind the question mark, still encoded; empty for none
 */
record Request(
    String method,
    String path,
    String query,
    @Nullable String host,
    @Nullable String origin,
    @Nullable String fetchSite,
    @Nullable String authorization) {

  /** The decoded parameters of the query; empty when it is not well formed or names one twice. */
  Optional<Map<String, String>> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    try {
      for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
        int equals = part.indexOf('=');
        String name = equals < 0 ? part : part.substring(0, equals);
        String value = equals < 0 ? "" : part.substring(equals + 1);
        if (parameters.put(decoded(name), decoded(value)) != null) {
          return Optional.empty();
        }
      }
    } catch (IllegalArgumentException badEscape) {
      return Optional.empty();
    }
    return Optional.of(parameters);
  }

  private static String decoded(String form) {
    return URLDecoder.decode(form, StandardCharsets.UTF_8);
  }

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
