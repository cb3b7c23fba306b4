/**
 * Parts that all commands share: options, the connection, confirmation, errors and exit codes. A noun of the command line is a
 * {@link io.zookit.admin.cli.CommandGroup}; a verb queries ZooKeeper, reports the result, and leaves the rest to this package.
 */
@NullMarked
package io.zookit.admin.cli;

import org.jspecify.annotations.NullMarked;
