/** The experiment on ensembles that are set back to a copy of their data. */
@NullMarked
package io.zookit.chaos.restore;

import org.jspecify.annotations.NullMarked;
