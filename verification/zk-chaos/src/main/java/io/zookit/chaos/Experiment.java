package io.zookit.chaos;

/** One promise under faults. */
interface Experiment {

  /** The name on the command line. */
  String name();

  /** The promise that it tries to break, in one sentence. */
  String promise();

  /** Runs it; whatever it starts has ended when this returns. */
  Outcome run(Setting setting) throws Exception;
}
