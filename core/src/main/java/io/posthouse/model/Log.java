package io.posthouse.model;

import org.jspecify.annotations.Nullable;

/** Where events are written and how. */
public record Log(
    @Key(value = "text for people, json for machines; one line per event", fallback = "text")
        Format format,
    @Key(
            value = "A file, relative to this file, reopened on SIGHUP; standard error when absent",
            example = "/var/log/posthouse/posthouse.log")
        @Nullable String file,
    @Key(value = "The least severe level that is written", fallback = "info") Level level,
    @Key(
            value = "Whether the end of every link is written, with its byte counts",
            fallback = "true")
        boolean links) {

  /** How a line looks. */
  public enum Format {
    TEXT,
    JSON
  }

  /** Severity, least first. */
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }
}
