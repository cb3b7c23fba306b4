package io.zookit.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.InjectedFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes what came of experiments, for machines and for people. */
final class ChaosReport {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ChaosReport() {}

  static void write(Path folder, List<ExperimentResult> outcomes) throws IOException {
    Files.createDirectories(folder);
    JSON.writeValue(folder.resolve("chaos-report.json").toFile(), outcomes);
    Files.writeString(
        folder.resolve("chaos-report.md"), markdown(outcomes), StandardCharsets.UTF_8);
  }

  static String markdown(List<ExperimentResult> outcomes) {
    StringBuilder text = new StringBuilder("# Under faults\n\n");
    text.append("Java ")
        .append(System.getProperty("java.version"))
        .append(", ")
        .append(System.getProperty("os.name"))
        .append(", ")
        .append(Runtime.getRuntime().availableProcessors())
        .append(
            " processors. A run is void when its control did not fail or too few faults landed.\n\n");
    text.append("| experiment | seed | minutes | result | faults | back p50 / p99 / max ms |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (ExperimentResult each : outcomes) {
      text.append(String.format(
          Locale.ROOT,
          "| %s | %d | %.1f | %s | %d | %d / %d / %d |%n",
          each.experiment(),
          each.seed(),
          each.minutes(),
          each.result().name().toLowerCase(Locale.ROOT),
          each.landed(),
          each.recovery().get("p50"),
          each.recovery().get("p99"),
          each.recovery().get("max")));
    }
    outcomes.forEach(each -> text.append(section(each)));
    return text.toString();
  }

  private static String section(ExperimentResult outcome) {
    StringBuilder text = new StringBuilder("\n## ")
        .append(outcome.experiment())
        .append(", seed ")
        .append(outcome.seed())
        .append("\n\n")
        .append(outcome.promise())
        .append("\n\n");
    if (!outcome.reason().isEmpty()) {
      text.append("**").append(outcome.result()).append("**: ").append(outcome.reason());
      text.append("\n\n");
    }
    outcome
        .counts()
        .forEach((what, count) ->
            text.append(String.format(Locale.ROOT, "- %s: %,d%n", what, count.longValue())));
    text.append("- at 95 %, at most one violation in ")
        .append(bound(outcome))
        .append(" operations\n");
    addFaults(text, outcome);
    outcome.violations().forEach(each -> text.append("\n```\n").append(each).append("\n```\n"));
    return text.toString();
  }

  private static void addFaults(StringBuilder text, ExperimentResult outcome) {
    outcome
        .faults()
        .forEach((kind, count) ->
            text.append(String.format(Locale.ROOT, "- %s: %d times%n", kind, count)));
    text.append("\n```\n");
    for (InjectedFault each : outcome.incidents()) {
      text.append(String.format(
          Locale.ROOT,
          "%8.1f s  %-26s %-24s %-12s back after %d ms%n",
          each.atMillis() / 1000.0,
          each.kind(),
          each.target(),
          each.landed() ? "landed" : "did not land",
          each.backAfterMillis()));
    }
    text.append("```\n");
  }

  /** No violation in n operations is compatible with a rate of 3/n. */
  private static long bound(ExperimentResult outcome) {
    return outcome.counts().getOrDefault("invoked", 0).longValue() / 3;
  }
}
