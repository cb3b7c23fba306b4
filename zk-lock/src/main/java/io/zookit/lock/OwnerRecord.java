package io.zookit.lock;

/**
 * Who stands in a queue, for people who look.
 *
 * @param owner what the process is called
 * @param pid its process id on its machine
 */
record OwnerRecord(String owner, long pid) {}
