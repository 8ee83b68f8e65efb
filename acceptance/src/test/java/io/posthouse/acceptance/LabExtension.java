package io.posthouse.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test a {@link Lab}, ends it, and keeps the logs of a test that failed. */
final class LabExtension implements ParameterResolver, AfterEachCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(LabExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Lab.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context.getStore(OURS).computeIfAbsent(Lab.class, type -> new Lab(), Lab.class);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    end(context);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    end(context);
  }

  /** What a class got in its constructor is found by each of its tests, and ends with the class. */
  private static void end(ExtensionContext context) throws IOException {
    Lab lab = context.getStore(OURS).get(Lab.class, Lab.class);
    if (lab != null && context.getExecutionException().isPresent()) {
      keepLogs(lab.folder(), context.getRequiredTestClass().getSimpleName());
    }
    Lab own = context.getStore(OURS).remove(Lab.class, Lab.class);
    if (own != null) {
      own.close();
    }
  }

  private static void keepLogs(Path from, String test) throws IOException {
    Path to = Path.of(System.getProperty("acceptance.output", "target"), "failed", test);
    Files.createDirectories(to);
    try (Stream<Path> files = Files.walk(from, 2)) {
      for (Path each : files.filter(LabExtension::tellsSomething).toList()) {
        String name = from.relativize(each).toString().replace('/', '-');
        Files.copy(each, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    System.err.println("acceptance: logs of " + test + " are in " + to);
  }

  private static boolean tellsSomething(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file) && (name.endsWith(".log") || name.endsWith(".yaml"));
  }
}
