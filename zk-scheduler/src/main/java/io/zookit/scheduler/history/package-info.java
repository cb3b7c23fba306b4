/** Histories that keep the ends of runs for longer than the ledger does: in a file, or in a table of a database. */
@NullMarked
package io.zookit.scheduler.history;

import org.jspecify.annotations.NullMarked;
