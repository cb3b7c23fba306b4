/** The page of figures: rows with their targets, reasons of what was missed, plots of growth. */
@NullMarked
package io.zookit.benchmarks.report;

import org.jspecify.annotations.NullMarked;
