@NullMarked
package io.zookit.scheduler.internal.ledger;

import org.jspecify.annotations.NullMarked;
