/**
 * Infrastructure that all commands share: options, the connection, output, consent, errors and exit codes. A group of
 * commands is a list of {@link io.zookit.admin.shell.Verb}s; a verb queries ZooKeeper, reports the result, and leaves the
 * rest to this package.
 */
@NullMarked
package io.zookit.admin.shell;

import org.jspecify.annotations.NullMarked;
