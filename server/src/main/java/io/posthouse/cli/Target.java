package io.posthouse.cli;

import io.posthouse.model.Endpoint;
import java.nio.file.Path;

/** Where a running Posthouse answers, and the file with its token. */
public record Target(Endpoint address, Path tokenFile) {}
