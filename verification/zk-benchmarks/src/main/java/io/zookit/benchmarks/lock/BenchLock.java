package io.zookit.benchmarks.lock;

/** A lock as one thread of a benchmark uses it. */
interface BenchLock {

  void acquire() throws Exception;

  void release() throws Exception;
}
