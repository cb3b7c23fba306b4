package io.zookit.benchmarks.measure;

import java.util.List;
import java.util.Map;

/** The rows of one module of Zookit, compared with its peers, and the program that measures them. */
public interface RowGroup {

  /** Returns the name on the command line, with which the names of its rows begin. */
  String name();

  /** Returns the scenarios of Zookit and its peer. */
  List<Scenario> scenarios();

  /** Returns the measurements of Zookit alone, at several sizes. */
  default List<Growth> growths() {
    return List.of();
  }

  /**
   * Measures one scenario by one implementation. Runs in a JVM of its own.
   *
   * @return the figures by their metric: times in milliseconds unless the metric names another unit, rates per second,
   *     and {@code ops}, the number of operations, if bytes and requests are counted
   */
  Map<String, Double> measure(ScenarioSetup setup) throws Exception;
}
