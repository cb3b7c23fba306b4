package io.zookit.chaos.experiment;

/** One promise under faults. */
public interface Experiment {

  /** The name on the command line. */
  String name();

  /** The promise that it tries to break, in one sentence. */
  String promise();

  /** Runs it; whatever it starts has ended when this returns. */
  ExperimentResult run(RunSettings settings) throws Exception;
}
