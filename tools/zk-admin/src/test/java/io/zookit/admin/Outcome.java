package io.zookit.admin;

/**
 * The result of a command.
 *
 * @param code its exit code
 * @param out what it wrote to the standard output
 * @param err what it wrote to the standard error
 */
record Outcome(int code, String out, String err) {}
